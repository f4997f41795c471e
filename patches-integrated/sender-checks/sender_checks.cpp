// sender-checks: senders that cannot be answered, or are not who has logged in, are refused at MAIL. See
// README.md.
#include "core/base/deadline.h"
#include "core/base/text.h"
#include "core/dns/system_resolver.h"
#include "core/smtp/server_hook.h"
#include "patches-integrated/sender-checks/sender_domain.h"

namespace qmail::features {
namespace {

/// For all that is asked about one sender; his client waits for five minutes.
constexpr unsigned patience_seconds = 30;

/// Each of them is asked for by a number that is not 0.
struct Wishes {
  std::uint64_t domain_exists = 0;
  std::uint64_t no_null_sender = 0;
  std::uint64_t sender_is_account = 0;

  Wishes for_client(const Environment& environment) const {
    return {environment.number("MFCHECK", domain_exists),
            environment.number("REJECTNULLSENDERS", no_null_sender),
            environment.number("FORCEAUTHMAILFROM", sender_is_account)};
  }
  bool empty() const { return domain_exists == 0 && no_null_sender == 0 && sender_is_account == 0; }
};

class SenderChecks final : public smtpd::Feature {
 public:
  SenderChecks(const Wishes& wishes, const smtpd::Circumstances& circumstances)
      : wishes_(wishes), facts_(circumstances.facts), clock_(circumstances.clock) {}

  smtpd::Verdict mail(const smtpd::Envelope&, std::string_view sender) override {
    if (wishes_.sender_is_account != 0 && !facts_.account.empty() && !equal_nocase(sender, facts_.account))
      return smtpd::Reply{503, "from and auth not the same (#5.5.1)"};
    if (wishes_.no_null_sender != 0 && sender.empty())
      return smtpd::Reply{421, "null senders temporarily denied (#4.3.0)"};
    return wishes_.domain_exists != 0 ? judge_domain(sender) : smtpd::no_opinion;
  }

 private:
  smtpd::Verdict judge_domain(std::string_view sender) const {
    const Deadline budget(clock_, patience_seconds);
    dns::SystemResolver resolver(clock_, {.budget = &budget});
    return judge_domain_of(sender, resolver);
  }

  const Wishes wishes_;
  const smtpd::Facts& facts_;
  const Clock& clock_;
};

class SenderChecksSetting final : public smtpd::Setting {
 public:
  explicit SenderChecksSetting(Wishes wishes) : wishes_(wishes) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& circumstances) const override {
    const Wishes wishes = wishes_.for_client(circumstances.facts.environment);
    return wishes.empty() ? nullptr : std::make_unique<SenderChecks>(wishes, circumstances);
  }

 private:
  Wishes wishes_;
};

}  // namespace

std::unique_ptr<smtpd::FeatureSetting> configure_sender_checks(const Control& control) {
  return std::make_unique<SenderChecksSetting>(
      Wishes{.domain_exists = control.number("mfcheck", 0),
             .no_null_sender = control.number("rejectnullsenders", 0)});
}

}  // namespace qmail::features
