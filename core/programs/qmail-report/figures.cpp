#include "core/programs/qmail-report/figures.h"

#include <algorithm>

#include "core/programs/qmail-report/reason.h"

namespace qmail::report {
namespace {

constexpr std::int64_t second = 1'000'000'000;

std::int64_t nanoseconds_between(const LogTime& start, const LogTime& end) {
  return (end.seconds - start.seconds) * second + end.nanoseconds - start.nanoseconds;
}

std::uint64_t weight_of(std::int64_t nanoseconds) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0));
}

}  // namespace

bool Figures::is_plausible(const LogTime& time) const {
  constexpr std::int64_t qmail_begins = 820454400;
  constexpr std::int64_t day = 86400;
  return time.seconds >= qmail_begins && time.seconds <= now_ + day;
}

void Figures::take(const LogLine& line) {
  if (line.kind == LogLine::Kind::part) return;
  ++lines;
  const auto event = is_plausible(line.time) ? matcher_.take(line) : std::nullopt;
  if (!event) {
    ++lines_not_understood;
    return;
  }
  first = std::min(first.value_or(line.time.seconds), line.time.seconds);
  last = std::max(last.value_or(line.time.seconds), line.time.seconds);
  if (std::holds_alternative<activity::Trouble>(*event)) count_trouble(line.text);
}

void Figures::count_trouble(std::string_view text) {
  ++(text.starts_with("alert:") ? alerts : warnings);
  trouble.add(general_line(text), 1, {});
}

void Figures::message_born(const activity::Message& message) {
  queued += {.messages = 1, .bytes = message.bytes};
  senders.add(message.sender, 1, {.messages = 1, .bytes = message.bytes});
  ++volume.at(message.birth.seconds).messages;
}

void Figures::message_ended(const activity::Message& message, const LogTime& end) {
  done += {.messages = 1, .bytes = message.bytes, .nanoseconds = nanoseconds_between(message.birth, end)};
}

void Figures::delivery_ended(const activity::Delivery& delivery, const activity::Message* message,
                             const activity::Finished& how, const LogTime& end) {
  Sums sums{.nanoseconds = nanoseconds_between(delivery.start, end)};
  Bin& bin = volume.at(end.seconds);
  switch (how.outcome) {
    case activity::Outcome::success:
      sums.successes = 1;
      ++bin.successes;
      if (message) delays.add(nanoseconds_between(message->birth, end));
      break;
    case activity::Outcome::failure:
      sums.failures = 1;
      ++bin.failures;
      failure_reasons.add(general_reason(how.reason), 1, sums);
      break;
    case activity::Outcome::deferral:
      sums.deferrals = 1;
      ++bin.deferrals;
      deferral_reasons.add(general_reason(how.reason), 1, sums);
  }
  tried += sums;
  if (delivery.channel == "remote")
    hosts.add(std::string_view(delivery.recipient).substr(delivery.recipient.rfind('@') + 1),
              weight_of(sums.nanoseconds), sums);
}

double Figures::average_concurrency() const {
  if (!first || *last <= *first) return 0;
  return static_cast<double>(tried.nanoseconds) / second / static_cast<double>(*last - *first);
}

}  // namespace qmail::report
