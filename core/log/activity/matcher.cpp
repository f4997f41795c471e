#include "core/log/activity/matcher.h"

#include "core/base/text.h"

namespace qmail::activity {

std::optional<Event> Matcher::take(const LogLine& line) {
  if (line.kind != LogLine::Kind::said) return std::nullopt;
  const auto event = parse_event(line.text);
  // Other programs that log to the same place say that they are "exiting", too.
  if (event && std::holds_alternative<Restarted>(*event) && !line.is_bare) return std::nullopt;
  if (event) std::visit([&](const auto& one) { learn(line.time, one); }, *event);
  return event;
}

template <typename Thing>
void Matcher::put(Table<Thing>& table, Thing thing) {
  if (table.all().size() >= most_ && !table.find(thing.number))
    ++passed_over_;
  else
    table.put(std::move(thing));
}

void Matcher::learn(const LogTime& time, const Started& event) {
  put(deliveries_, {.number = event.delivery,
                    .message = event.message,
                    .start = time,
                    .channel = std::string(event.channel),
                    .recipient = lower(event.recipient)});
}

void Matcher::learn(const LogTime& time, const Finished& event) {
  const Delivery* const delivery = deliveries_.find(event.delivery);
  if (!delivery) return;
  Message* const message = messages_.find(delivery->message);
  if (message) {
    if (event.outcome == Outcome::success) ++message->successes;
    if (event.outcome == Outcome::failure) ++message->failures;
    if (event.outcome == Outcome::deferral) ++message->deferrals;
  }
  observer_.delivery_ended(*delivery, message, event, time);
  deliveries_.remove(event.delivery);
}

void Matcher::learn(const LogTime&, const NewMessage& event) { messages_.remove(event.message); }

void Matcher::learn(const LogTime& time, const Info& event) {
  Message message{.number = event.message,
                  .birth = time,
                  .bytes = event.bytes,
                  .sender = lower(event.sender),
                  .qp = event.qp,
                  .uid = event.uid};
  observer_.message_born(message);
  put(messages_, std::move(message));
}

void Matcher::learn(const LogTime&, const Tally& event) {
  Message* const message = messages_.find(event.message);
  if (!message) return;
  message->successes = event.successes;
  message->deferrals = event.deferrals;
  message->failures = event.failures;
}

void Matcher::learn(const LogTime& time, const EndOfMessage& event) {
  const Message* const message = messages_.find(event.message);
  if (!message) return;
  observer_.message_ended(*message, time);
  messages_.remove(event.message);
}

void Matcher::learn(const LogTime&, const Restarted&) { deliveries_.clear(); }

}  // namespace qmail::activity
