// The addresses of a header field, found and rewritten in place. RFC 822 section 6; qmail-header(5).
#pragma once
#include <functional>
#include <optional>

#include "core/format/header_tokens.h"

namespace qmail::header {

/// Hands each address of `field` (its name and colon are the first two tokens) to `rewrite`, the last one
/// first, and returns the field with the addresses as rewrite left them; their comments come to stand behind
/// them. None on bad syntax; the addresses to the right of it have been handed over by then.
std::optional<Tokens> rewrite_addresses(const Tokens& field, const std::function<void(Tokens&)>& rewrite);

}  // namespace qmail::header
