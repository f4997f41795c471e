#include "ucspi/tcp-env/tcp_env.h"

#include <sys/stat.h>

#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/spawn.h"
#include "core/base/text.h"
#include "core/dns/system_resolver.h"
#include "ucspi/lib/inquiry.h"

namespace qmail::ucspi {
namespace {

struct EnvOptions {
  bool ask_remote_info = false;  // -r -R
  unsigned info_seconds = 30;    // -t
  std::vector<std::string> program;
};

EnvOptions parse_options(const std::vector<std::string>& args) {
  EnvOptions options;
  Options given(args, "rRt:");
  while (const auto letter = given.next()) {
    const auto seconds = parse_number<unsigned>(given.value());
    if (*letter == '?' || (*letter == 't' && !seconds)) throw UsageError(Exit::temporary, given.problem());
    if (*letter == 't')
      options.info_seconds = *seconds;
    else
      options.ask_remote_info = *letter == 'r';
  }
  options.program = given.rest();
  if (options.program.empty()) throw UsageError(Exit::temporary);
  return options;
}

Environment describe_connection(const Process& self, const EnvOptions& options) {
  Environment environment = self.environment;
  // Another server described it already.
  if (environment.get("PROTO") == "TCP") return environment;
  const Inquiry inquiry{
      .info_seconds = options.ask_remote_info ? std::optional(options.info_seconds) : std::nullopt,
      .unanswered = "softdnserror"};
  dns::SystemResolver resolver(self.clock, {.total_seconds = name_seconds});
  describe(inquire(find_ends(self.in), inquiry, resolver, self.clock), environment);
  return environment;
}

}  // namespace

int describe_and_run(const Process& self) {
  const EnvOptions options = parse_options(self.args);
  exec({.argv = options.program, .environment = describe_connection(self, options)});
  throw Failure::system("run " + options.program.front());
}

void report_to_the_host(const std::string& why) {
  struct stat err {};
  if (::fstat(2, &err) == 0 && S_ISSOCK(err.st_mode)) return;
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(2).put("tcp-env: fatal: " + why + "\n").flush());
}

}  // namespace qmail::ucspi
