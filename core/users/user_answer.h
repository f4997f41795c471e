// What the resident qmail-getpw is asked and answers, on a Unix SOCK_SEQPACKET socket: one packet a local
// part, one packet an answer, in the order of the questions. qmail-getpw(8).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qmail::users {

/// Longer local parts are not asked about this way.
inline constexpr std::size_t longest_question = 16384;
/// Six fields, of which only the home and the extension can be long.
inline constexpr std::size_t longest_answer = 65536;

/// What qmail-getpw, started for this question alone, would have ended with and written.
struct UserAnswer {
  int exit_code = 0;  ///< 0, or a LocalCode
  std::string_view fields = {};
};

/// An octet, the exit code, and the fields.
std::string answer_bytes(const UserAnswer& answer);
/// None if there is not even that octet. The fields are a part of `packet`.
std::optional<UserAnswer> parse_user_answer(std::string_view packet);

}  // namespace qmail::users
