#include "core/users/user_answer.h"

namespace qmail::users {

std::string answer_bytes(const UserAnswer& answer) {
  return std::string(1, static_cast<char>(answer.exit_code)).append(answer.fields);
}

std::optional<UserAnswer> parse_user_answer(std::string_view packet) {
  if (packet.empty()) return std::nullopt;
  return UserAnswer{.exit_code = static_cast<unsigned char>(packet.front()), .fields = packet.substr(1)};
}

}  // namespace qmail::users
