#include "core/programs/qmail-smtpd/qmail_smtpd.h"

#include <algorithm>
#include <csignal>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/smtp/server_session.h"

namespace qmail {
namespace {

constexpr int failed = 1;
constexpr int standard_output = 1;
constexpr int standard_error = 2;

/// Whether the log takes it does not matter to the session.
void log(int fd, std::string_view line) {
  static_cast<void>(Writer(fd).put("qmail-smtpd: ").put(line).put("\n").flush());
}

/// The last words to the client and to the log; who does not hear them is gone already.
void refuse(const smtpd::Reply& reply, const std::string& why) {
  static_cast<void>(Writer(standard_output).put(smtpd::encode(reply)).flush());
  log(standard_error, "fatal: " + why);
}

}  // namespace

SmtpOutcome hold_smtp_session(const Process& self, const SmtpHouse& house) {
  const smtpd::Settings& settings = house.settings;
  smtpd::Facts facts{.environment = self.environment,
                     .terms = smtpd::Terms::of(settings.longest_message, self.environment)};
  if (!settings.rcpt_hosts && !facts.may_relay()) {
    const std::string file = house.control.directory().path_of("rcpthosts");
    refuse({421, "this host is not set up to receive mail (#4.3.5)"},
           "unable to read " + file + ": create it (empty: no mail from outside) or set RELAYCLIENT");
    return {.exit_code = failed, .is_clean = false};
  }
  const std::function<void(std::string_view)> note = [&](std::string_view line) { log(self.err, line); };
  smtpd::Admission admission(facts);
  const smtpd::Features features =
      smtpd::seats_of(house.features, {{house.home, self.clock, facts, note, self.args}, admission});
  smtpd::Session session({.in = self.in,
                          .out = self.out,
                          .home = house.home,
                          .clock = self.clock,
                          .settings = settings,
                          .facts = facts,
                          .features = features});
  const int exit_code = session.run();
  return {.exit_code = exit_code, .is_clean = session.was_clean()};
}

void log_complaints(const Process& self, const Control& control) {
  // A list may have thousands of wrong lines, and a server as many sessions a minute.
  constexpr std::size_t most = 10;
  const auto& complaints = control.complaints();
  for (std::size_t at = 0; at < std::min(most, complaints.size()); ++at)
    log(self.err, "warning: " + to_text(complaints[at]));
  if (complaints.size() > most)
    log(self.err,
        "warning: " + std::to_string(complaints.size() - most) + " more such lines; see qmail-check");
}

int receive_by_smtp(const Process& self, std::span<smtpd::Configure* const> features) {
  signals::ignore(SIGPIPE);
  const Directory home = self.home();
  const Control control(home.sub("control"));
  control.read_names();
  const auto settings = smtpd::Settings::read(control);
  const auto configured = smtpd::configure_all(features, control);
  log_complaints(self, control);
  return hold_smtp_session(self,
                           {.home = home, .control = control, .settings = settings, .features = configured})
      .exit_code;
}

Ending refuse_by_smtp() {
  const auto report = [](const std::string& why) {
    const bool memory = why == "out of memory";
    refuse({421, memory ? "out of memory (#4.3.0)" : "unable to read controls (#4.3.0)"}, why);
  };
  return {.out_of_memory = failed, .failure = failed, .report = report};
}

}  // namespace qmail
