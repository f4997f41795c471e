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
/// A worker without work leaves after so long: with a connection to keep, and without.
constexpr int longest_keep_seconds = 60;
constexpr int idle_seconds = 2;

/// qmail-rspawn notices when nothing arrives.
void print(std::string_view reports) { static_cast<void>(Writer(standard_output).put(reports).flush()); }

/// The connection outlives the job that made it.
Connection connect_to_keep(const Endpoint& server, const std::optional<Ip>& source, int timeout_seconds) {
  Connection connection = connect_to(server, source, timeout_seconds);
  if (connection.fd) connection.fd = resident::keep(std::move(connection.fd));
  return connection;
}

/// The same of one that was secured.
Securer securer_of(const Directory& home, const Clock& clock) {
  return {.is_there = [&home] { return tls::is_offered(home, tls::Role::client); },
          .secure =
              [&](const tls::Request& request, Reader& in, Writer& out) {
                tls::Outcome outcome = tls::secure(home, request, in, out, clock);
                if (auto* secured = std::get_if<tls::Secured>(&outcome))
                  secured->plain = resident::keep(std::move(secured->plain));
                return outcome;
              }};
}

/// qmail-remote in a worker.
class CourierWork final : public resident::Work {
 public:
  explicit CourierWork(std::span<smtpc::Configure* const> features) : courier_(features) {}

  int run(Process& self, resident::Shift& shift) override {
    const auto enter = [&](Stage stage) { shift.say(std::string(stage) + '\0'); };
    shift.say(shortened(courier_.send(self, enter), longest_reports));
    shift.wait_at_most(courier_.keep_seconds().value_or(idle_seconds));
    return 0;
  }
  std::vector<int> kept() const override { return courier_.kept(); }

 private:
  /// What fits into one packet to the master.
  static constexpr std::size_t longest_reports = resident::most_bytes - 64;
  Courier courier_;
};

}  // namespace

std::string Courier::send(const Process& self, const EnterStage& enter) {
  signals::ignore(SIGPIPE);
  if (self.args.size() < fewest_arguments) return as_output(invoked_improperly);
  enter(no_control_files);
  const Configuration& configuration = configuration_.get(self, [&](const Control& control) {
    // It may lead elsewhere now, or know us by another name.
    partner_.reset();
    return Configuration{Settings::read(control),
                         smtpc::configure_all(features_, {control, self.environment})};
  });
  enter(no_system_resources);
  queue::TimeoutTable timeouts(configuration_.home());
  dns::SystemResolver resolver(self.clock);
  Reader message(self.in);
  const Mail mail{self.args[1], {self.args.begin() + 2, self.args.end()}, message};
  const World world{.resolver = resolver,
                    .timeouts = timeouts,
                    .clock = self.clock,
                    .own_addresses = dns::own_addresses,
                    .process = static_cast<unsigned>(::getpid()),
                    .connect = connect_to_keep,
                    .securer = securer_of(configuration_.home(), self.clock)};
  keep_seconds_ = configuration.settings.keep_seconds;
  return deliver(self.args[0], mail, configuration.settings, configuration.features, world, partner_);
}

std::optional<int> Courier::keep_seconds() const {
  return partner_ ? std::optional(keep_seconds_) : std::nullopt;
}

std::vector<int> Courier::kept() const {
  std::vector<int> numbers = configuration_.kept();
  if (partner_) numbers.push_back(partner_->fd());
  return numbers;
}

int send_by_smtp(const Process& self, std::span<smtpc::Configure* const> features, Stage& stage) {
  stage = no_home;
  self.home();
  Courier courier(features);
  print(courier.send(self, [&](Stage next) { stage = next; }));
  return 0;
}

Ending report_failures(const Stage& stage) {
  const auto report = [&stage](const std::string& why) {
    print(std::string(why == "out of memory" ? out_of_memory : stage) + '\0');
  };
  return {.out_of_memory = 0, .failure = 0, .report = report};
}

int serve_residently(std::span<smtpc::Configure* const> features) {
  // What went wrong is in the report; where memory is out, there is none, and 111 means the same.
  const Ending silent{.failure = 0, .report = [](const std::string&) {}};
  const auto make = [&] { return std::make_unique<CourierWork>(features); };
  return resident::serve("qmail-remote", make, {.idle_seconds = longest_keep_seconds, .ending = silent});
}

}  // namespace qmail::remote
