// Base64 (RFC 4648 section 4), as SASL's messages are written in SMTP and POP3.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qmail {

/// With '=' at its end where that is wanted, and without line ends.
std::string encode_base64(std::string_view bytes);
/// The whole of `text`; none if it is not exactly what encode_base64() makes of some bytes: the same bytes in
/// two forms are an opportunity for whoever wants to pass a comparison.
std::optional<std::string> parse_base64(std::string_view text);

}  // namespace qmail
