// What clients say who log in: RFC 4616 (PLAIN), RFC 2195 (CRAM-MD5). Already out of base64.
#pragma once
#include <optional>
#include <string_view>

namespace qmail::smtp_auth {

struct PlainMessage {
  std::string_view acting_as;  ///< empty: as `login`
  std::string_view login;
  std::string_view password;
};
/// "ACTING-AS NUL LOGIN NUL PASSWORD".
std::optional<PlainMessage> parse_plain(std::string_view message);

struct CramResponse {
  std::string_view login;
  std::string_view digest;
};
/// "LOGIN DIGEST".
std::optional<CramResponse> parse_cram_response(std::string_view message);

/// A login or a password as it may be handed on: not empty, and without NUL.
bool is_word(std::string_view text);

}  // namespace qmail::smtp_auth
