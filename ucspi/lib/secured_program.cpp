#include "ucspi/lib/secured_program.h"

#include "core/base/failure.h"
#include "core/base/spawn.h"

namespace qmail::ucspi {

void run_secured(tls::Outcome outcome, const ConnectionFds& fds, const std::vector<std::string>& program,
                 Environment environment) {
  if (const auto* failed = std::get_if<tls::NotSecured>(&outcome)) {
    const bool is_unverified = failed->reason == tls::NotSecured::Reason::unverified;
    throw Failure(is_unverified ? Exit::permanent : Exit::temporary, failed->text);
  }
  const auto& secured = std::get<tls::Secured>(outcome);
  exec({.argv = program,
        .fds = {{secured.plain.get(), fds.in}, {secured.plain.get(), fds.out}},
        .environment = tls::with_facts(std::move(environment), secured.facts)});
  throw Failure::system("run " + program.front());
}

}  // namespace qmail::ucspi
