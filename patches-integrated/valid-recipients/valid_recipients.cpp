// valid-recipients: recipients that nobody is are refused at RCPT. See README.md.
#include "core/base/text.h"
#include "core/smtp/server_hook.h"
#include "patches-integrated/valid-recipients/recipient_list.h"
#include "patches-integrated/valid-recipients/system_recipients.h"

namespace qmail::features {
namespace {

smtpd::Reply not_in_list() { return {553, "sorry, this recipient is not in my validrcptto list (#5.7.1)"}; }
smtpd::Reply no_mailbox() { return {550, "sorry, no mailbox here by that name (#5.1.1)"}; }
smtpd::Reply cannot_tell() {
  return {451, "sorry, I cannot tell now whether that recipient is here (#4.3.0)"};
}
smtpd::Reply goodbye() { return {421, "too many invalid addresses, goodbye (#4.3.0)"}; }

struct Sources {
  std::optional<RecipientList> list = {};
  std::optional<SystemRecipients> system = {};
  bool is_strict = false;  ///< what only its user can see is not valid
  std::string own_host = {};
  std::uint64_t most_invalid = 0;  ///< 0: no limit
};

class ValidRecipients final : public smtpd::Feature {
 public:
  ValidRecipients(const Sources& sources, const smtpd::Circumstances& circumstances)
      : sources_(sources),
        circumstances_(circumstances),
        most_invalid_(circumstances.facts.environment.number("BRTLIMIT", sources.most_invalid)) {}

  smtpd::Verdict rcpt(const smtpd::Envelope&, std::string_view recipient, smtpd::Dialogue&) override {
    if (circumstances_.facts.may_relay()) return smtpd::no_opinion;
    if (most_invalid_ > 0 && invalid_ >= most_invalid_) {
      note("brtlimit: hanging up after invalid recipients", recipient);
      return goodbye();
    }
    smtpd::Verdict refusal = judge(recipient);
    if (!refusal) return smtpd::no_opinion;
    const bool is_for_good = refusal->code >= 500;
    note(is_for_good ? "validrcptto" : "validrcptto: cannot tell", recipient);
    if (is_for_good) ++invalid_;
    return refusal;
  }

 private:
  smtpd::Verdict judge(std::string_view recipient) const {
    // RFC 5321 section 4.5.1: it is always there.
    if (equal_nocase(recipient, "postmaster")) return smtpd::no_opinion;
    switch (list_says(recipient)) {
      case RecipientList::Says::valid: return smtpd::no_opinion;
      case RecipientList::Says::invalid: return not_in_list();
      case RecipientList::Says::nothing: break;
    }
    // What a wrong line was to name is not known.
    const smtpd::Verdict unknown = is_list_right() ? not_in_list() : cannot_tell();
    return sources_.system ? judge_by_system(recipient, unknown) : unknown;
  }
  bool is_list_right() const { return !sources_.list || sources_.list->is_right(); }
  RecipientList::Says list_says(std::string_view recipient) const {
    if (!sources_.list) return RecipientList::Says::nothing;
    const auto says = sources_.list->of(recipient);
    const bool is_bare = recipient.find('@') == std::string_view::npos;
    if (!is_bare || says != RecipientList::Says::nothing) return says;
    return sources_.list->of(std::string(recipient) + "@" + sources_.own_host);
  }
  smtpd::Verdict judge_by_system(std::string_view recipient, const smtpd::Verdict& unknown) const {
    const smtpd::Verdict invalid = is_list_right() ? no_mailbox() : cannot_tell();
    switch (sources_.system->of(circumstances_.home, recipient)) {
      case SystemRecipients::Says::valid: return smtpd::no_opinion;
      case SystemRecipients::Says::invalid: return invalid;
      case SystemRecipients::Says::hidden: return sources_.is_strict ? invalid : smtpd::no_opinion;
      case SystemRecipients::Says::elsewhere: return sources_.list ? unknown : smtpd::no_opinion;
      case SystemRecipients::Says::later: break;
    }
    return cannot_tell();
  }
  void note(std::string_view what, std::string_view recipient) const {
    circumstances_.note(std::string(what) + ": <" + printable(std::string(recipient), '?') + "> at " +
                        std::string(circumstances_.facts.environment.get("TCPREMOTEIP", "unknown")));
  }

  const Sources& sources_;
  const smtpd::Circumstances circumstances_;
  const std::uint64_t most_invalid_;
  std::uint64_t invalid_ = 0;  ///< refused for good in this session
};

class ValidRecipientsSetting final : public smtpd::Setting {
 public:
  explicit ValidRecipientsSetting(Sources sources) : sources_(std::move(sources)) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& circumstances) const override {
    return std::make_unique<ValidRecipients>(sources_, circumstances);
  }

 private:
  Sources sources_;
};

void read_system(const Control& control, Sources& sources) {
  constexpr const char* file = "validrcpttosystem";
  const auto lines = control.numbered_lines(file);
  if (!lines) return;
  sources.system.emplace(queue::read_routing(control));
  for (const auto& [number, word] : *lines) {
    if (word == "strict")
      sources.is_strict = true;
    else
      control.complain({file, number, "left out: the only word is strict"});
  }
}

}  // namespace

std::unique_ptr<smtpd::FeatureSetting> configure_valid_recipients(const Control& control) {
  Sources sources;
  sources.list = RecipientList::read(control);
  read_system(control, sources);
  if (!sources.list && !sources.system) return nullptr;
  sources.own_host = control.line_or_me("envnoathost").value_or("");
  sources.most_invalid = control.number("brtlimit", 0);
  return std::make_unique<ValidRecipientsSetting>(std::move(sources));
}

}  // namespace qmail::features
