#include "patches-integrated/smtp-auth/sasl.h"

#include "core/accounts/claim.h"

namespace qmail::smtp_auth {

std::optional<PlainMessage> parse_plain(std::string_view message) {
  const auto acting_as = accounts::take_part(message);
  const auto login = accounts::take_part(message);
  if (!acting_as || !login || !is_word(*login) || !is_word(message)) return std::nullopt;
  return PlainMessage{*acting_as, *login, message};
}

std::optional<CramResponse> parse_cram_response(std::string_view message) {
  const std::size_t space = message.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const CramResponse response{message.substr(0, space), message.substr(space + 1)};
  if (!is_word(response.login) || !is_word(response.digest)) return std::nullopt;
  return response;
}

bool is_word(std::string_view text) { return !text.empty() && text.find('\0') == std::string_view::npos; }

}  // namespace qmail::smtp_auth
