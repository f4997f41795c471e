#include "core/programs/qmail-send/preprocessing.h"

#include <utility>

#include "core/base/text.h"

namespace qmail::send {
namespace {

using queue::Trouble;

std::uint64_t leading_number(std::string_view text) { return take_number<std::uint64_t>(text).value_or(0); }

}  // namespace

Preprocessing::Preprocessing(Desk& desk, const log::MessageId& id, const log::Origin& origin,
                             std::string message_id, queue::EnvelopeSink& sink)
    : desk_(desk), id_(id), origin_(origin), message_id_(std::move(message_id)), sink_(sink) {
  desk_.log.put(log::new_message(id_.number), {.event = "new", .message = id_});
}

std::optional<Trouble> Preprocessing::take(std::string_view record, const std::string& name) {
  const char tag = record.empty() ? '\0' : record.front();
  const std::string_view value = record.substr(record.empty() ? 0 : 1);
  switch (tag) {
    case 'u': origin_.uid = leading_number(value); return std::nullopt;
    case 'p': origin_.qp = leading_number(value); return std::nullopt;
    case 'T': return take_recipient(value);
    case 'F':
      if (!has_sender_) return take_sender(value);
  }
  return Trouble{"unknown record type in", name};
}

std::optional<Trouble> Preprocessing::take_sender(std::string_view sender) {
  has_sender_ = true;
  if (auto trouble = sink_.put_sender(sender)) return trouble;
  origin_.sender = sender;
  desk_.log.put(log::info_message(id_.number, origin_),
                {.event = "info", .message = id_, .origin = origin_, .message_id = message_id_});
  return std::nullopt;
}

std::optional<Trouble> Preprocessing::take_recipient(std::string_view recipient) {
  ++recipients_;
  const Route route = desk_.settings.routing.route(recipient);
  return sink_.put_recipient(route.channel, route.address);
}

}  // namespace qmail::send
