#include "core/accounts/mail_user.h"

#include <algorithm>

namespace qmail::accounts {
namespace {

constexpr std::size_t longest_login = 255;

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }
bool is_unfit(char c) { return is_control(c) || c == ' ' || c == ':' || c == '/'; }

}  // namespace

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

std::string_view problem_of_login(std::string_view login) {
  if (login.empty()) return "a login cannot be empty";
  if (login.size() > longest_login) return "a login can have 255 bytes at most";
  if (login.front() == '#' || login.front() == '.' || login.front() == '-')
    return "a login cannot start with # . or -";
  if (std::any_of(login.begin(), login.end(), is_unfit))
    return "a login can have no colon, slash, blank or control character";
  return "";
}

}  // namespace qmail::accounts
