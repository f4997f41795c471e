// The text of bounces around their notes (core/queue/bounce_note.h), in the format that bounce readers know:
// https://cr.yp.to/proto/qsbmf.txt
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail::send {

struct BounceFacts {
  std::int64_t now;
  std::string_view bouncefrom, bouncehost;
  std::string_view recipient;  ///< who gets the bounce
  std::string_view sender;     ///< of the message; empty: this is a double bounce
};

/// What stands before the notes,
std::string bounce_head(const BounceFacts& facts);
/// and between them and the copy of the message.
std::string bounce_tail(const BounceFacts& facts);

}  // namespace qmail::send
