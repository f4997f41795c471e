// What the JSON twin of the log calls a message by: the id that stays with it, and the Message-ID of its
// header.
#pragma once
#include <string>

#include "core/base/fd.h"
#include "core/log/facts.h"
#include "core/queue/log_message.h"

namespace qmail::send {

inline log::MessageId id_of(queue::Number number, const queue::Info& info) {
  return {.number = number, .birth = info.birth, .part = info.birth_part};
}
inline log::MessageId id_of(const queue::LogMessage& message) {
  return {.number = message.number, .birth = message.birth, .part = message.birth_part};
}

/// Of the first Message-ID field in `head`, the beginning of a message, without folding and blanks around it;
/// empty if there is none.
std::string find_message_id(std::string_view head);
/// The same for the beginning of a file. Its offset stays as it is.
std::string read_message_id(const Fd& message);

}  // namespace qmail::send
