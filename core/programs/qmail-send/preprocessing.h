// The envelope of a new message, record by record: logged, and each recipient given to its channel.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/programs/qmail-send/desk.h"

namespace qmail::send {

class Preprocessing {
 public:
  /// Says that the message is new. What is known of `origin` already may be filled in; `sink` gets the rest.
  /// `message_id` is for the twin of the log.
  Preprocessing(Desk& desk, const log::MessageId& id, const log::Origin& origin, std::string message_id,
                queue::EnvelopeSink& sink);

  /// None, or what is wrong; `name` is how the log calls the source of the records.
  std::optional<queue::Trouble> take(std::string_view record, const std::string& name);
  bool has_sender() const { return has_sender_; }
  std::size_t recipients() const { return recipients_; }

 private:
  std::optional<queue::Trouble> take_sender(std::string_view sender);
  std::optional<queue::Trouble> take_recipient(std::string_view recipient);

  Desk& desk_;
  log::MessageId id_;
  log::Origin origin_;
  std::string message_id_;
  queue::EnvelopeSink& sink_;
  bool has_sender_ = false;
  std::size_t recipients_ = 0;
};

}  // namespace qmail::send
