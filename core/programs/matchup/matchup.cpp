#include "core/programs/matchup/matchup.h"

#include "core/base/io.h"
#include "core/log/activity/lines.h"
#include "core/log/activity/matcher.h"

namespace qmail {
namespace {

using activity::Delivery;
using activity::Finished;
using activity::Message;
using activity::Number;

/// Words with a blank between each two, on one line.
class Line {
 public:
  explicit Line(Writer& out) : out_(out) {}
  Line& add(std::string_view word) {
    if (!is_first_) out_.put(' ');
    out_.put(word);
    is_first_ = false;
    return *this;
  }
  Line& add(Number number, std::string_view behind = "") {
    return add(std::to_string(number).append(behind));
  }
  Line& add(const LogTime& time) { return add(time.text()); }
  void end() { out_.put('\n'); }

 private:
  Writer& out_;
  bool is_first_ = true;
};

class Printer final : public activity::Observer {
 public:
  explicit Printer(Writer& out) : out_(out) {}

  void message_ended(const Message& message, const LogTime& end) override {
    Line line(out_);
    line.add("m").add(message.birth).add(end).add(message.bytes);
    line.add(message.successes).add(message.failures).add(message.deferrals);
    line.add(message.sender).add(message.qp).add(message.uid).end();
  }

  void delivery_ended(const Delivery& delivery, const Message* message, const Finished& how,
                      const LogTime& end) override {
    const char outcome = static_cast<char>(how.outcome);
    const std::string recipient = delivery.channel + "." + delivery.recipient;
    Line line(out_);
    line.add("d").add({&outcome, 1});
    if (message)
      line.add(message->birth).add(delivery.start).add(end).add(message->bytes).add(message->sender);
    else
      line.add(delivery.start).add(delivery.start).add(end).add("0").add("?");
    line.add(recipient);
    if (message)
      line.add(message->qp).add(message->uid);
    else
      line.add("?").add("?");
    line.add(how.reason).end();
  }

 private:
  Writer& out_;
};

void put_pending(Writer& out, const activity::Matcher& matcher) {
  for (const Message& message : matcher.messages()) {
    Line info(out);
    info.add(message.birth).add("info msg").add(message.number, ":").add("bytes").add(message.bytes);
    info.add("from").add(message.sender).add("qp").add(message.qp).add("uid").add(message.uid).end();
    Line tally(out);
    tally.add(message.birth).add("extra").add(message.number);
    tally.add(message.successes).add(message.deferrals).add(message.failures).end();
  }
  for (const Delivery& delivery : matcher.deliveries()) {
    Line line(out);
    line.add(delivery.start).add("starting delivery").add(delivery.number, ":");
    line.add("msg").add(delivery.message).add("to").add(delivery.channel).add(delivery.recipient).end();
  }
}

void pass_on_trouble(Writer& out, const LogLine& said, std::string_view line) {
  if (said.is_bare)
    out.put(line).put('\n');
  else
    Line(out).add(said.time).add(said.text).end();
}

}  // namespace

void match_up(const MatchUp& work) {
  Writer out(work.out);
  Printer printer(out);
  activity::Matcher matcher(printer);
  LogLines lines(work.calendar);
  const auto take = [&](std::string_view line, std::size_t dropped) {
    const LogLine said = lines.take(line, dropped);
    if (said.kind == LogLine::Kind::part) return;
    const auto event = matcher.take(said);
    if (!event)
      out.put("? ").put(line).put('\n');
    else if (std::holds_alternative<activity::Trouble>(*event))
      pass_on_trouble(out, said, line);
  };
  const std::string unfinished_line = activity::read_lines(work.log, "input", take);
  out.flush_or_throw("output");

  Writer pending(work.pending);
  put_pending(pending, matcher);
  pending.put(unfinished_line).flush_or_throw("fd 5");
}

}  // namespace qmail
