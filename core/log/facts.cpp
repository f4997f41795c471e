#include "core/log/facts.h"

#include "core/base/text.h"
#include "core/format/datetime.h"
#include "core/format/json.h"
#include "core/log/answer.h"

namespace qmail::log {
namespace {

constexpr std::size_t second_digits = 9;

/// "2026-11-22T19:25:00.123456Z"
std::string iso_time(const Moment& moment) {
  const DateTime at = DateTime::from(moment.seconds);
  const auto two = [](int value) { return zero_padded(static_cast<std::uint64_t>(value), 2); };
  return std::to_string(at.year) + "-" + two(at.month) + "-" + two(at.day) + "T" + two(at.hour) + ":" +
         two(at.minute) + ":" + two(at.second) + "." +
         zero_padded(static_cast<std::uint64_t>(moment.microseconds), 6) + "Z";
}

json::Object begin(const Moment& moment, std::string_view event) {
  json::Object object;
  object.put("time", iso_time(moment)).put("event", event);
  return object;
}

void put_if_any(json::Object& object, std::string_view name, std::string_view text) {
  if (!text.empty()) object.put(name, text);
}
void put_if_any(json::Object& object, std::string_view name, const std::optional<std::uint64_t>& number) {
  if (number) object.put(name, *number);
}

void put_report(json::Object& object, std::string_view report, std::string_view channel) {
  put_if_any(object, "report", trim_end(report));
  if (channel != "remote") return;
  const Answer answer = parse_answer(report);
  put_if_any(object, "host", answer.host);
  put_if_any(object, "answer", answer.text);
}

}  // namespace

std::string MessageId::text() const {
  return std::to_string(birth) + "." + zero_padded(static_cast<std::uint64_t>(part), second_digits) + "." +
         std::to_string(number);
}

std::string twin_line(const Moment& moment, const Facts& facts) {
  json::Object object = begin(moment, facts.event);
  if (facts.message) object.put("id", facts.message->text()).put("msg", facts.message->number);
  put_if_any(object, "delivery", facts.delivery);
  put_if_any(object, "result", facts.result);
  put_if_any(object, "channel", facts.channel);
  if (facts.sender) object.put("sender", *facts.sender);
  put_if_any(object, "recipient", facts.recipient);
  if (const auto& origin = facts.origin)
    object.put("sender", origin->sender)
        .put("bytes", origin->size_bytes)
        .put("qp", origin->qp)
        .put("uid", origin->uid);
  put_if_any(object, "message_id", facts.message_id);
  put_if_any(object, "qp", facts.qp);
  put_if_any(object, "operation", facts.operation);
  put_report(object, facts.report, facts.channel);
  put_if_any(object, "lines", facts.lines);
  return object.text() + "\n";
}

std::string twin_line(const Moment& moment, std::string_view line) {
  json::Object object = begin(moment, line.substr(0, line.find(':')));
  return object.put("text", trim_end(line)).text() + "\n";
}

}  // namespace qmail::log
