// submission: for a port where our own users hand in what they write. See README.md.
#include <unistd.h>

#include "core/base/text.h"
#include "patches-integrated/submission/completed_header.h"
#include "patches-integrated/submission/senders.h"

namespace qmail::features {
namespace {

struct Rules {
  Senders senders;
  HeaderDefaults header;
};

class Submission final : public smtpd::Feature {
 public:
  Submission(Rules rules, const smtpd::Circumstances& session)
      : rules_(std::move(rules)), session_(session) {}

  smtpd::Verdict mail(const smtpd::Envelope&, std::string_view sender) override {
    if (!session_.facts.may_relay()) return smtpd::Reply{530, "Authentication required (#5.7.0)"};
    // Whoever may relay by his address has no account, and receipts (RFC 8098) come from nobody.
    const std::string& account = session_.facts.account;
    if (account.empty() || sender.empty() || rules_.senders.belong(account, sender)) return smtpd::no_opinion;
    session_.note("warning: " + printable(account, '?') + " may not send as " +
                  printable(std::string(sender), '?') + ": allow it in control/submissionsenders");
    return smtpd::Reply{553, "sorry, that sender is not yours (#5.7.1)"};
  }
  smtpd::Interest interest() override { return smtpd::Interest::header; }
  smtpd::Verdict header(smtpd::HeaderFields& fields) override {
    const Moment moment = session_.clock.moment();
    const std::string unique = std::to_string(moment.microseconds) + "." + std::to_string(::getpid()) + "." +
                               std::to_string(++messages_);
    complete_header(fields, rules_.header, moment.seconds, unique);
    return smtpd::no_opinion;
  }

 private:
  const Rules rules_;
  const smtpd::Circumstances session_;
  unsigned messages_ = 0;
};

Rules read_rules(const Control& control, std::span<const Allowance> allowances) {
  const DefaultHosts hosts = DefaultHosts::from(control);
  return {.senders = Senders::read(control, allowances),
          .header = {.completion = header::Completion(hosts.host, hosts.domain, hosts.plus_domain),
                     .id_host = control.line_or_me("idhost").value_or("idhost")}};
}

class SubmissionSetting final : public smtpd::Setting {
 public:
  explicit SubmissionSetting(std::vector<Allowance> allowances) : allowances_(std::move(allowances)) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& session) const override {
    if (!session.facts.environment.find("SUBMISSION")) return nullptr;
    // Mail from outside does not depend on files that only submission needs.
    const Control control(session.home.sub("control"));
    return std::make_unique<Submission>(read_rules(control, allowances_), session);
  }

 private:
  std::vector<Allowance> allowances_;
};

}  // namespace

/// Never null: a variable of the session says whether it has a say there.
std::unique_ptr<smtpd::FeatureSetting> configure_submission(const Control& control) {
  return std::make_unique<SubmissionSetting>(read_allowances(control));
}

}  // namespace qmail::features
