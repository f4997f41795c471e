// The text of an answer. RFC 3834 section 3; qmail-vacation(1).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/programs/qmail-vacation/incoming.h"

namespace qmail::vacation {

struct Addressing {
  std::string_view from, to;
  std::string message_id;  ///< with its angle brackets
  std::int64_t now;
};

/// The message that `text` (what the user wrote: perhaps fields and a blank line, then the body) becomes.
/// "$SUBJECT" stands for the subject of what is answered.
std::string compose(std::string_view text, const Incoming& incoming, const Addressing& addressing);

/// If the user wrote nothing.
inline constexpr std::string_view default_text =
    "I am away, and shall read your message about \"$SUBJECT\" when I am back.\n";

}  // namespace qmail::vacation
