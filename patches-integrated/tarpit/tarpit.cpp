// tarpit: from a certain number on, each further recipient takes its time. See README.md.
#include <algorithm>

#include "core/smtp/server_hook.h"

namespace qmail::features {
namespace {

/// RFC 5321 section 4.5.3.2.3: clients wait for five minutes.
constexpr std::uint64_t longest_delay_seconds = 300;

struct Pit {
  std::uint64_t free_recipients = 0;  ///< 0: all
  std::uint64_t delay_seconds = 5;

  Pit for_client(const Environment& environment) const {
    return {environment.number("TARPITCOUNT", free_recipients),
            std::min(environment.number("TARPITDELAY", delay_seconds), longest_delay_seconds)};
  }
};

class Tarpit final : public smtpd::Feature {
 public:
  explicit Tarpit(const Pit& pit) : pit_(pit) {}
  smtpd::Verdict rcpt(const smtpd::Envelope& so_far, std::string_view, smtpd::Dialogue& client) override {
    if (so_far.recipients >= pit_.free_recipients) client.pause(std::chrono::seconds(pit_.delay_seconds));
    return smtpd::no_opinion;
  }

 private:
  const Pit pit_;
};

class TarpitSetting final : public smtpd::Setting {
 public:
  explicit TarpitSetting(Pit pit) : pit_(pit) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& circumstances) const override {
    const Pit pit = pit_.for_client(circumstances.facts.environment);
    const bool is_off = pit.free_recipients == 0 || pit.delay_seconds == 0;
    return is_off ? nullptr : std::make_unique<Tarpit>(pit);
  }

 private:
  Pit pit_;
};

}  // namespace

std::unique_ptr<smtpd::FeatureSetting> configure_tarpit(const Control& control) {
  return std::make_unique<TarpitSetting>(Pit{.free_recipients = control.number("tarpitcount", 0),
                                             .delay_seconds = control.number("tarpitdelay", 5)});
}

}  // namespace qmail::features
