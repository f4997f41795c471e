// The short SMTP conversation with a client that is refused. rblsmtpd(1).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ucspi/lib/block_lists.h"

namespace qmail::ucspi {

/// "451 text" or "553 text": at most 200 bytes of the text, and no byte that cannot be printed.
std::string refusal_line(const Verdict& verdict);

/// What RBLSMTPD has to be for the same refusal_line(). None: a 451 whose text begins with a hyphen cannot be
/// said so.
std::optional<std::string> words_of(const Verdict& verdict);

/// Lets the client say what it likes, and answers all that would lead to a message with `refusal`, until it
/// says QUIT or is gone.
void refuse_all(int in, int out, std::string_view refusal);

}  // namespace qmail::ucspi
