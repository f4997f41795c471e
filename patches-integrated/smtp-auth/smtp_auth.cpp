// smtp-auth: clients log in with AUTH, and may relay then. See README.md.
#include <algorithm>
#include <chrono>

#include "core/accounts/checker_setting.h"
#include "core/base/text.h"
#include "core/log/events.h"
#include "core/smtp/server_hook.h"
#include "patches-integrated/smtp-auth/checker_arguments.h"
#include "patches-integrated/smtp-auth/exchange.h"

namespace qmail::smtp_auth {
namespace {

using Verdict = accounts::AuthAnswer::Verdict;

/// Logins that a client may try in vain in one session.
constexpr unsigned most_tries = 5;
constexpr unsigned longest_delay = 16;

/// What the control files say.
struct Controls {
  std::optional<std::vector<std::string>> checker;
  std::optional<std::string> offer;
  bool may_be_clear;

  static Controls read(const Control& control);
};

constexpr const char* meanings =
    "nothing is offered for it; it can be empty, -, or cram, scram and cram+scram, with a + in front beside "
    "PLAIN and "
    "LOGIN, and with a ! before all that where no mail goes without a login";

/// Of what makes no sense only the ! counts.
Offer offer_of(std::string_view text) {
  return parse_offer(text).value_or(Offer{.is_required = text.starts_with('!')});
}

Controls Controls::read(const Control& control) {
  auto offer = control.line("smtpauth");
  if (offer && !parse_offer(*offer)) control.complain({.name = "smtpauth", .line = 1, .text = meanings});
  return {.checker = accounts::read_checker(control),
          .offer = std::move(offer),
          .may_be_clear = control.number("smtpauthclear", 0) != 0};
}

/// With arguments and nothing else said, as smtpd-auth 0.31 had it: CRAM-MD5 where the checker knows how.
Offer offer_for(const std::vector<std::string>& checker) {
  const std::string& path = checker.front();
  return {.plain = true, .cram_md5 = path.substr(path.rfind('/') + 1) == "cmd5checkpw"};
}

class SmtpAuth final : public smtpd::Feature {
 public:
  SmtpAuth(const smtpd::AdmittingCircumstances& circumstances, const Controls& controls,
           CheckerArguments arguments, const Offer& offer)
      : circumstances_(circumstances),
        may_be_clear_(controls.may_be_clear),
        arguments_(std::move(arguments)),
        host_(arguments_.host.empty() ? circumstances.facts.environment.get("TCPLOCALHOST", "localhost")
                                      : std::string_view(arguments_.host)),
        offer_(offer),
        prover_(circumstances_, arguments_.checker, controls.checker) {}

  void ehlo(std::vector<std::string>& keywords) override;
  smtpd::Verdict mail(const smtpd::Envelope&, std::string_view) override;
  std::optional<smtpd::Reply> command(std::string_view verb, std::string_view arg,
                                      smtpd::Dialogue& dialogue) override;

 private:
  bool is_offered_here() const;
  bool offers(const Mechanism& mechanism) const;
  smtpd::Reply log_in(const Mechanism& mechanism, std::optional<std::string_view> initial,
                      smtpd::Dialogue& dialogue);
  smtpd::Reply conclude(const Attempt& attempt, std::string_view mechanism, smtpd::Dialogue& dialogue);
  smtpd::Reply fail(const smtpd::Reply& reply);
  std::string from() const;

  const smtpd::AdmittingCircumstances circumstances_;
  bool may_be_clear_;
  CheckerArguments arguments_;
  std::string host_;
  Offer offer_;
  Prover prover_;
  unsigned failures_ = 0;
};

/// A password is shown to nobody on the way: the line is secured, or leads nowhere where others listen.
bool SmtpAuth::is_offered_here() const {
  if (may_be_clear_ || circumstances_.facts.is_secured()) return true;
  const auto client = Ip::parse(circumstances_.facts.environment.get("TCPREMOTEIP"));
  return client && is_private(*client);
}

bool SmtpAuth::offers(const Mechanism& mechanism) const {
  if (!(offer_.*mechanism.offered) || !prover_.can_check()) return false;
  return mechanism.offered != &Offer::scram || prover_.can_tell_salts();
}

void SmtpAuth::ehlo(std::vector<std::string>& keywords) {
  if (!is_offered_here()) return;
  std::string names;
  for (const Mechanism& mechanism : mechanisms())
    if (offers(mechanism)) names.append(names.empty() ? "" : " ").append(mechanism.name);
  if (names.empty()) return;
  keywords.push_back("AUTH " + names);
  // The patch has both: clients older than RFC 2554 look for this.
  keywords.push_back("AUTH=" + names);
}

smtpd::Verdict SmtpAuth::mail(const smtpd::Envelope&, std::string_view) {
  if (!offer_.is_required || !circumstances_.facts.account.empty()) return smtpd::no_opinion;
  return smtpd::Reply{530, "authentication required (#5.7.1)"};
}

std::optional<smtpd::Reply> SmtpAuth::command(std::string_view verb, std::string_view arg,
                                              smtpd::Dialogue& dialogue) {
  if (!equal_nocase(verb, "auth")) return std::nullopt;
  if (!circumstances_.facts.account.empty())
    return smtpd::Reply{503, "you're already authenticated (#5.5.0)"};
  if (circumstances_.facts.has_message) return smtpd::Reply{503, "no auth during mail transaction (#5.5.0)"};
  if (!is_offered_here()) return smtpd::Reply{538, "encryption required for authentication (#5.7.11)"};
  const std::string_view name = arg.substr(0, arg.find(' '));
  const Mechanism* const mechanism = find_mechanism(name);
  if (mechanism == nullptr || !offers(*mechanism))
    return smtpd::Reply{504, "auth type unimplemented (#5.5.1)"};
  const std::string_view behind = trim_end(arg.substr(name.size()));
  std::optional<std::string_view> initial;
  if (!behind.empty()) initial = behind.substr(behind.find_first_not_of(' '));
  return log_in(*mechanism, initial, dialogue);
}

smtpd::Reply SmtpAuth::log_in(const Mechanism& mechanism, std::optional<std::string_view> initial,
                              smtpd::Dialogue& dialogue) {
  Exchange exchange(dialogue, initial);
  const auto attempt =
      mechanism.run(exchange, {.prover = prover_, .host = host_, .clock = circumstances_.clock});
  return attempt ? conclude(*attempt, mechanism.name, dialogue) : fail(exchange.refusal());
}

smtpd::Reply SmtpAuth::conclude(const Attempt& attempt, std::string_view mechanism,
                                smtpd::Dialogue& dialogue) {
  const std::string who = log::safe(attempt.login) + " from " + from() + " (" + std::string(mechanism) + ")";
  switch (attempt.finding.answer.verdict) {
    case Verdict::yes:
      circumstances_.note("accepted: " + who);
      circumstances_.admission.admit(attempt.login);
      return {235, "ok, go ahead (#2.0.0)"};
    case Verdict::no:
      circumstances_.note("refused: " + who);
      if (!prover_.asks_authd()) {
        const unsigned seconds = std::min(1U << failures_, longest_delay);
        dialogue.pause(std::chrono::seconds(seconds));
      }
      return fail({535, "authentication failed (#5.7.1)"});
    default:
      circumstances_.note(
          "warning: unable to check the password of " + who + ": " +
          (attempt.finding.trouble.empty() ? "see the log of qmail-authd" : attempt.finding.trouble));
      return fail({454, "oops, unable to check passwords now (#4.3.0)"});
  }
}

smtpd::Reply SmtpAuth::fail(const smtpd::Reply& reply) {
  if (++failures_ < most_tries) return reply;
  return {421, "too many failed logins (#4.7.0)"};
}

std::string SmtpAuth::from() const {
  return log::safe(circumstances_.facts.environment.get("TCPREMOTEIP", "unknown"));
}

/// In the place of a login that cannot work: a mistake here opens a relay, or closes the door to those who
/// may use it, and whoever made it hears of it at once.
class Broken final : public smtpd::Feature {
 public:
  Broken(const smtpd::Circumstances& circumstances, std::string problem)
      : circumstances_(circumstances), problem_(std::move(problem)) {}
  smtpd::Verdict connect(smtpd::Dialogue&) override {
    circumstances_.note("fatal: unable to let clients log in: " + problem_);
    return smtpd::Reply{421, "this host is not set up to check passwords (#4.3.5)"};
  }

 private:
  const smtpd::Circumstances circumstances_;
  std::string problem_;
};

class SmtpAuthSetting final : public smtpd::FeatureSetting {
 public:
  explicit SmtpAuthSetting(Controls controls) : controls_(std::move(controls)) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::AdmittingCircumstances& circumstances) const override;

 private:
  Controls controls_;
};

std::unique_ptr<smtpd::Feature> SmtpAuthSetting::join(
    const smtpd::AdmittingCircumstances& circumstances) const {
  const Environment& environment = circumstances.facts.environment;
  CheckerArguments arguments = parse_checker_arguments(circumstances.arguments, environment);
  const auto variable = environment.find("SMTPAUTH");
  const std::optional<std::string> text = variable ? std::optional(std::string(*variable)) : controls_.offer;
  if (text == "-" || (!text && circumstances.arguments.empty())) return nullptr;
  const auto broken = [&](const std::string& problem) {
    return std::make_unique<Broken>(circumstances, problem);
  };
  if (!arguments.problem.empty()) return broken(arguments.problem);
  if (arguments.checker.empty() && !controls_.checker)
    return broken("neither the arguments nor control/checkpassword name a program that checks passwords");
  const Offer offer = text ? offer_of(*text) : offer_for(arguments.checker);
  if (variable && !parse_offer(*text))
    circumstances.note("warning: SMTPAUTH is " + log::safe(*text) + ": " + meanings);
  return std::make_unique<SmtpAuth>(circumstances, controls_, std::move(arguments), offer);
}

}  // namespace
}  // namespace qmail::smtp_auth

namespace qmail::features {

std::unique_ptr<smtpd::FeatureSetting> configure_smtp_auth(const Control& control) {
  return std::make_unique<smtp_auth::SmtpAuthSetting>(smtp_auth::Controls::read(control));
}

}  // namespace qmail::features
