#include "core/programs/qmail-remote/qmail_remote.h"

#include <csignal>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/dns/own_addresses.h"
#include "core/dns/system_resolver.h"
#include "core/programs/qmail-remote/delivery.h"
#include "core/programs/qmail-remote/report.h"

namespace qmail::remote {
namespace {

constexpr int standard_output = 1;
constexpr std::size_t fewest_arguments = 3;

/// qmail-rspawn notices when nothing arrives.
void print(std::string_view reports) { static_cast<void>(Writer(standard_output).put(reports).flush()); }

}  // namespace

int send_by_smtp(const Process& self, std::span<const smtpc::Factory> factories, Stage& stage) {
  signals::ignore(SIGPIPE);
  if (self.args.size() < fewest_arguments) {
    print(std::string(invoked_improperly) + '\0');
    return 0;
  }
  stage = no_home;
  const Directory home = self.home();
  stage = no_control_files;
  const Control control(home.sub("control"));
  const Settings settings = Settings::read(control);
  const smtpc::Features features = smtpc::make_features(factories, {control, self.environment});
  stage = no_system_resources;
  queue::TimeoutTable timeouts(home);
  dns::SystemResolver resolver(self.clock);
  Reader message(self.in);
  const Mail mail{self.args[1], {self.args.begin() + 2, self.args.end()}, message};
  const World world{.resolver = resolver,
                    .timeouts = timeouts,
                    .clock = self.clock,
                    .own_addresses = dns::own_addresses,
                    .process = static_cast<unsigned>(::getpid())};
  std::unique_ptr<Partner> kept;
  print(deliver(self.args[0], mail, settings, features, world, kept));
  return 0;
}

Ending report_failures(const Stage& stage) {
  const auto report = [&stage](const std::string& why) {
    print(std::string(why == "out of memory" ? out_of_memory : stage) + '\0');
  };
  return {.out_of_memory = 0, .failure = 0, .report = report};
}

}  // namespace qmail::remote
