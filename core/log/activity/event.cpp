#include "core/log/activity/event.h"

#include "core/base/text.h"
#include "core/log/activity/words.h"

namespace qmail::activity {
namespace {

/// Takes the words of a line in turn, and remembers if one was not what it had to be.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  std::string_view word() { return take_word(rest_); }
  Line& expect(std::string_view wanted) {
    is_good_ = word() == wanted && is_good_;
    return *this;
  }
  Number number() { return digits(word()); }
  /// A number with a colon behind it.
  Number label() {
    const std::string_view text = word();
    is_good_ = is_good_ && text.ends_with(':');
    return digits(text.substr(0, text.size() - (text.empty() ? 0 : 1)));
  }
  std::string_view needed_word() {
    const std::string_view text = word();
    is_good_ = is_good_ && !text.empty();
    return text;
  }
  bool at_end() { return word().empty(); }
  bool is_good() const { return is_good_; }

 private:
  Number digits(std::string_view text) {
    const auto value = parse_number<Number>(text);
    is_good_ = is_good_ && value;
    return value.value_or(0);
  }

  std::string_view rest_;
  bool is_good_ = true;
};

std::optional<Event> if_good(const Line& line, const Event& event) {
  return line.is_good() ? std::optional(event) : std::nullopt;
}

std::optional<Event> started(Line& line) {
  Started event;
  event.delivery = line.expect("delivery").label();
  event.message = line.expect("msg").number();
  event.channel = line.expect("to").needed_word();
  event.recipient = line.needed_word();
  return if_good(line, event);
}

std::optional<Event> finished(Line& line) {
  Finished event{.delivery = line.label()};
  const std::string_view outcome = line.word();
  if (outcome == "success:")
    event.outcome = Outcome::success;
  else if (outcome == "failure:")
    event.outcome = Outcome::failure;
  else if (outcome == "deferral:" || outcome == "report")
    event.outcome = Outcome::deferral;
  else
    return std::nullopt;
  event.reason = outcome == "report" ? "report_mangled" : line.word();
  return if_good(line, event);
}

std::optional<Event> info(Line& line) {
  Info event;
  event.message = line.expect("msg").label();
  event.bytes = line.expect("bytes").number();
  event.sender = line.expect("from").needed_word();
  event.qp = line.expect("qp").number();
  event.uid = line.expect("uid").number();
  return if_good(line, event);
}

std::optional<Event> tally(Line& line) {
  Tally event{.message = line.number()};
  event.successes = line.number();
  event.deferrals = line.number();
  event.failures = line.number();
  return if_good(line, event);
}

}  // namespace

std::optional<Event> parse_event(std::string_view text) {
  Line line(text);
  const std::string_view first = line.word();
  if (first == "starting") return started(line);
  if (first == "delivery") return finished(line);
  if (first == "status:" || first == "number" || first == "local" || first == "remote") return Status{};
  if (first == "info") return info(line);
  if (first == "new") return if_good(line, NewMessage{line.expect("msg").number()});
  if (first == "end") return if_good(line, EndOfMessage{line.expect("msg").number()});
  if (first == "extra") return tally(line);
  if (first == "warning:" || first == "alert:") return Trouble{};
  if ((first == "running" || first == "exiting") && line.at_end()) return Restarted{};
  return std::nullopt;
}

}  // namespace qmail::activity
