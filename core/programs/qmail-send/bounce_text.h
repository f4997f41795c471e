// The text of bounces, in the format that bounce readers know: https://cr.yp.to/proto/qsbmf.txt
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail::send {

/// The paragraph for one recipient: blank lines, which end a paragraph, become '/' in it.
std::string bounce_note(std::string_view recipient, std::string_view report);

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
