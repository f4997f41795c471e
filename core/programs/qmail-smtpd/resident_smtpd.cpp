#include "core/programs/qmail-smtpd/resident_smtpd.h"

#include <csignal>

#include "core/base/signals.h"
#include "core/control/fresh.h"
#include "core/programs/qmail-smtpd/qmail_smtpd.h"

namespace qmail {
namespace {

constexpr std::uint64_t default_sessions = 100;

struct Controls {
  smtpd::Settings settings;
  smtpd::FeatureSettings features;
  std::uint64_t sessions_per_process;
};

Controls read_controls(const Process& self, const Control& control,
                       std::span<smtpd::Configure* const> features) {
  auto settings = smtpd::Settings::read(control);
  auto configured = smtpd::configure_all(features, control);
  log_complaints(self, control);
  return {std::move(settings), std::move(configured), control.number("sessionsperprocess", default_sessions)};
}

class SmtpWork final : public resident::Work {
 public:
  explicit SmtpWork(std::span<smtpd::Configure* const> features) : features_(features) {}

  int run(Process& self, resident::Shift& shift) override {
    signals::ignore(SIGPIPE);
    const Controls& controls =
        controls_.get(self, [&](const Control& control) { return read_controls(self, control, features_); });
    const auto outcome = hold_smtp_session(self, {.home = controls_.home(),
                                                  .control = controls_.control(),
                                                  .settings = controls.settings,
                                                  .features = controls.features});
    ++sessions_;
    if (!outcome.is_clean || sessions_ >= controls.sessions_per_process) shift.leave();
    return outcome.exit_code;
  }
  std::vector<int> kept() const override { return controls_.kept(); }

 private:
  std::span<smtpd::Configure* const> features_;
  Fresh<Controls> controls_;
  std::uint64_t sessions_ = 0;
};

}  // namespace

std::unique_ptr<resident::Work> make_smtp_work(std::span<smtpd::Configure* const> features) {
  return std::make_unique<SmtpWork>(features);
}

}  // namespace qmail
