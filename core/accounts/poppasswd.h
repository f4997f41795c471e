// The file of checklocalpwd, /etc/poppasswd: "login:crypt:user:home", one a line. poppasswd(5).
// cmd5checkpw has a file of the same name and another form, "login:password": it is told by its fields and
// refused.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/accounts/mail_user.h"

namespace qmail::accounts::poppasswd {

/// More than any file of it has.
inline constexpr std::size_t most_bytes = 64 << 20;
inline constexpr std::size_t longest_line = 2048;

/// The line, counted from 1, that cannot be used, and why.
struct Problem {
  std::size_t line = 0;
  std::string reason;
};

/// An empty line, or one that starts with '#'.
bool is_note(std::string_view line);
/// One line without its newline, which is no note; or why it cannot be used.
std::variant<MailUser, std::string> parse_line(std::string_view line);
std::string line_of(const MailUser& user);

std::variant<std::vector<MailUser>, Problem> parse(std::string_view text);
struct Line {
  std::size_t number;     ///< counted from 1
  std::string_view text;  ///< without its newline
};
/// The first line of `login`, of either file of this name.
std::optional<Line> find_line(std::string_view text, std::string_view login);
/// The user in that line: what is wrong with others is no trouble of his. None if there is no such line.
std::variant<std::monostate, MailUser, Problem> find(std::string_view text, std::string_view login);

/// The text with the line of `user` in place of the first one of that login, or at its end. Other lines stay
/// as they are, to the byte.
std::string with(std::string_view text, const MailUser& user);
/// The text without any line of `login`; none if there is no such line.
std::optional<std::string> without(std::string_view text, std::string_view login);

}  // namespace qmail::accounts::poppasswd
