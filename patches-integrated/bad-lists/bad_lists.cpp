// bad-lists: HELO names, senders and recipients that match an expression of a list are refused. See
// README.md.
#include "core/base/text.h"
#include "core/smtp/server_hook.h"
#include "patches-integrated/bad-lists/bad_list.h"

namespace qmail::features {
namespace {

struct Lists {
  BadList helo, sender, sender_of_outsider, recipient, recipient_of_outsider;

  bool empty() const {
    return helo.empty() && sender.empty() && sender_of_outsider.empty() && recipient.empty() &&
           recipient_of_outsider.empty();
  }
};

/// What was refused, and why.
struct Finding {
  std::string text;
  std::string line;
};

class BadLists final : public smtpd::Feature {
 public:
  BadLists(const Lists& lists, const smtpd::Circumstances& circumstances)
      : lists_(lists), facts_(circumstances.facts), note_(circumstances.note) {}

  smtpd::Verdict helo(std::string_view host) override {
    bad_helo_.reset();
    if (facts_.environment.find("NOBADHELO")) return smtpd::no_opinion;
    if (const auto line = lists_.helo.find(host)) bad_helo_ = {std::string(host), std::string(*line)};
    return smtpd::no_opinion;
  }
  smtpd::Verdict mail(const smtpd::Envelope&, std::string_view sender) override {
    bad_sender_.reset();
    if (!sender.empty()) bad_sender_ = find(lists_.sender, lists_.sender_of_outsider, sender);
    return smtpd::no_opinion;
  }
  smtpd::Verdict rcpt(const smtpd::Envelope&, std::string_view recipient, smtpd::Dialogue&) override {
    if (bad_helo_) return refuse("badhelo", *bad_helo_, "HELO host name");
    if (bad_sender_) return refuse("badmailfrom", *bad_sender_, "envelope sender");
    if (const auto bad = find(lists_.recipient, lists_.recipient_of_outsider, recipient))
      return refuse("badmailto", *bad, "envelope recipient");
    return smtpd::no_opinion;
  }

 private:
  std::optional<Finding> find(const BadList& list, const BadList& of_outsiders, std::string_view text) const {
    auto line = list.find(text);
    if (!line && !facts_.may_relay()) line = of_outsiders.find(text);
    return line ? std::optional(Finding{std::string(text), std::string(*line)}) : std::nullopt;
  }
  smtpd::Reply refuse(std::string_view list, const Finding& bad, const std::string& what) const {
    std::string note = std::string(list) + ": <" + printable(bad.text, '?') + ">";
    if (facts_.environment.find("LOGREGEX"))
      note += " matches pattern: " + printable(bad.line, '?');
    else
      note.append(" at ").append(facts_.environment.get("TCPREMOTEIP", "unknown"));
    note_(note);
    return {553, "sorry, your " + what + " has been denied (#5.7.1)"};
  }

  const Lists& lists_;
  const smtpd::Facts& facts_;
  const std::function<void(std::string_view)>& note_;
  std::optional<Finding> bad_helo_, bad_sender_;
};

class BadListsSetting final : public smtpd::Setting {
 public:
  explicit BadListsSetting(Lists lists) : lists_(std::move(lists)) {}
  std::unique_ptr<smtpd::Feature> join(const smtpd::Circumstances& circumstances) const override {
    return std::make_unique<BadLists>(lists_, circumstances);
  }

 private:
  Lists lists_;
};

/// badmailfrom is stock's, of plain addresses, unless badpatterns says otherwise.
bool has_sender_patterns(const Control& control) {
  constexpr const char* file = "badpatterns";
  bool has = false;
  for (const auto& [number, name] : control.numbered_lines(file).value_or(std::vector<ControlLine>())) {
    if (name == "badmailfrom")
      has = true;
    else
      control.complain({file, number, "left out: only badmailfrom can be named here"});
  }
  return has;
}

}  // namespace

std::unique_ptr<smtpd::FeatureSetting> configure_bad_lists(const Control& control) {
  Lists lists;
  lists.helo = BadList(control, {"badhelo"});
  if (has_sender_patterns(control)) lists.sender = BadList(control, {"badmailfrom"});
  lists.sender_of_outsider = BadList(control, {"badmailfromnorelay"});
  lists.recipient = BadList(control, {"badmailto", "badrcptto"});
  lists.recipient_of_outsider = BadList(control, {"badmailtonorelay", "badrcpttonorelay"});
  return lists.empty() ? nullptr : std::make_unique<BadListsSetting>(std::move(lists));
}

}  // namespace qmail::features
