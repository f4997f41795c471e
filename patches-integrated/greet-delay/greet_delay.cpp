// greet-delay: the greeting comes late, and who does not wait for it is turned away. See README.md.
#include <algorithm>

#include "core/smtp/server_hook.h"

namespace qmail::features {
namespace {

/// RFC 5321 section 4.5.3.2.1: clients wait for five minutes.
constexpr std::uint64_t longest_delay_seconds = 300;

struct Delay {
  std::uint64_t seconds = 0;
  std::uint64_t drops_hasty = 0;  ///< not 0: who speaks first is turned away

  Delay for_client(const Environment& environment) const {
    return {std::min(environment.number("SMTPD_GREETDELAY", seconds), longest_delay_seconds),
            environment.number("DROP_PRE_GREET", drops_hasty)};
  }
};

class GreetDelay final : public smtpd::Feature {
 public:
  GreetDelay(const Delay& delay, const smtpd::Circumstances& circumstances)
      : delay_(delay), facts_(circumstances.facts), note_(circumstances.note) {}

  smtpd::Verdict connect(smtpd::Dialogue& client) override {
    const std::chrono::seconds time(delay_.seconds);
    if (delay_.drops_hasty == 0) {
      client.pause(time);
      return smtpd::no_opinion;
    }
    if (!client.speaks_within(time)) return smtpd::no_opinion;
    note_("greetdelay: " + std::string(facts_.environment.get("TCPREMOTEIP", "unknown")) +
          " did not wait for the greeting");
    return smtpd::Reply{554, "SMTP protocol violation"};
  }

 private:
  const Delay delay_;
  const smtpd::Facts& facts_;
  const std::function<void(std::string_view)>& note_;
};

class GreetDelaySetting final : public smtpd::Setting {
 public:
  explicit GreetDelaySetting(Delay delay) : delay_(delay) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& circumstances) const override {
    const Delay delay = delay_.for_client(circumstances.facts.environment);
    return delay.seconds == 0 ? nullptr : std::make_unique<GreetDelay>(delay, circumstances);
  }

 private:
  Delay delay_;
};

}  // namespace

std::unique_ptr<smtpd::FeatureSetting> configure_greet_delay(const Control& control) {
  return std::make_unique<GreetDelaySetting>(
      Delay{.seconds = control.number("greetdelay", 0), .drops_hasty = control.number("droppregreet", 0)});
}

}  // namespace qmail::features
