#include "ucspi/tlsserve/serve.h"

#include <array>
#include <utility>

#include "core/base/options.h"
#include "core/base/text.h"
#include "ucspi/lib/secured_program.h"

namespace qmail::ucspi {
namespace {

/// ucspi-ssl's names for what tcp-environ(5) describes: its scripts read them.
constexpr std::array<std::pair<const char*, const char*>, 7> other_names{
    {{"SSLLOCALIP", "TCPLOCALIP"},
     {"SSLLOCALPORT", "TCPLOCALPORT"},
     {"SSLLOCALHOST", "TCPLOCALHOST"},
     {"SSLREMOTEIP", "TCPREMOTEIP"},
     {"SSLREMOTEPORT", "TCPREMOTEPORT"},
     {"SSLREMOTEHOST", "TCPREMOTEHOST"},
     {"SSLREMOTEINFO", "TCPREMOTEINFO"}}};

Environment with_other_names(Environment environment) {
  for (const auto& [other, name] : other_names) {
    const std::string value(environment.get(name));
    if (environment.find(name))
      environment.set(other, value);
    else
      environment.unset(other);
  }
  return environment;
}

}  // namespace

Serving parse_serving(const std::vector<std::string>& args) {
  Serving serving{.request = {.role = tls::Role::server}, .program = {}};
  Options options(args, "arsw:");
  while (const auto option = options.next()) {
    switch (*option) {
      case 'a': serving.request.client_certificate = tls::ClientCertificate::ask; break;
      case 'r': serving.request.client_certificate = tls::ClientCertificate::require; break;
      case 's': serving.request.tell_certificates = true; break;
      case 'w': serving.request.seconds = parse_number<unsigned>(options.value()).value_or(0); break;
      default: throw UsageError(Exit::permanent, options.problem());
    }
  }
  serving.program = options.rest();
  if (serving.program.empty() || !tls::makes_sense(serving.request)) throw UsageError();
  return serving;
}

void serve_secured(const Serving& serving, Process& self) {
  run_secured(tls::secure(self.home(), serving.request, self.in, self.out, self.clock), {self.in, self.out},
              serving.program, with_other_names(self.environment));
}

}  // namespace qmail::ucspi
