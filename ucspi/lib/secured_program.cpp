#include "ucspi/lib/secured_program.h"

#include "core/base/failure.h"
#include "core/base/spawn.h"

namespace qmail::ucspi {
namespace {

/// What an outer connection was told must not be taken for this one's.
void forget_facts(Environment& environment) {
  const std::vector<std::string> entries = environment.entries();
  for (const std::string_view entry : entries)
    if (entry.starts_with("SSL_")) environment.unset(entry.substr(0, entry.find('=')));
}

}  // namespace

void run_secured(tls::Outcome outcome, const ConnectionFds& fds, const std::vector<std::string>& program,
                 Environment environment) {
  if (const auto* failed = std::get_if<tls::NotSecured>(&outcome)) {
    const bool is_unverified = failed->reason == tls::NotSecured::Reason::unverified;
    throw Failure(is_unverified ? Exit::permanent : Exit::temporary, failed->text);
  }
  auto& secured = std::get<tls::Secured>(outcome);
  forget_facts(environment);
  for (const std::string_view fact : secured.facts.entries()) {
    const std::size_t equals = fact.find('=');
    environment.set(fact.substr(0, equals), fact.substr(equals + 1));
  }
  exec({.argv = program,
        .fds = {{secured.plain.get(), fds.in}, {secured.plain.get(), fds.out}},
        .environment = std::move(environment)});
  throw Failure::system("run " + program.front());
}

}  // namespace qmail::ucspi
