#include "core/accounts/poppasswd.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace qmail::accounts::poppasswd {
namespace {

constexpr std::size_t field_count = 4;
constexpr std::size_t cmd5_count = 2;

bool is_of(std::string_view line, std::string_view login) {
  return line.size() > login.size() && line.starts_with(login) && line[login.size()] == ':';
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string wrong_count(std::size_t count) {
  std::string reason = "it has " + std::to_string(count) + (count == 1 ? " field" : " fields");
  if (count == cmd5_count) reason += ", as cmd5checkpw's file of that name has,";
  return reason + " and not 4: login:crypt:user:home";
}

}  // namespace

bool is_note(std::string_view line) { return line.empty() || line.front() == '#'; }

std::variant<MailUser, std::string> parse_line(std::string_view line) {
  if (line.size() > longest_line) return "it has more than " + std::to_string(longest_line) + " bytes";
  if (has_control_character(line)) return "it has a NUL or another control character";
  const auto fields = split(line, ':');
  if (fields.size() != field_count) return wrong_count(fields.size());
  if (const std::string_view problem = problem_of_login(fields[0]); !problem.empty())
    return std::string(problem);
  if (fields[2].empty()) return "it names no system user";
  if (!fields[3].starts_with('/')) return "its home does not start with a slash";
  return MailUser{.login = std::string(fields[0]),
                  .hash = std::string(fields[1]),
                  .user = std::string(fields[2]),
                  .home = std::string(fields[3])};
}

std::string line_of(const MailUser& user) {
  return user.login + ":" + user.hash + ":" + user.user + ":" + user.home;
}

std::variant<std::vector<MailUser>, Problem> parse(std::string_view text) {
  std::vector<MailUser> users;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (is_note(line)) continue;
    auto parsed = parse_line(line);
    if (const auto* reason = std::get_if<std::string>(&parsed)) return Problem{number, *reason};
    users.push_back(std::move(std::get<MailUser>(parsed)));
  }
  return users;
}

std::optional<Line> find_line(std::string_view text, std::string_view login) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (!is_note(line) && is_of(line, login)) return Line{number, line};
  }
  return std::nullopt;
}

std::variant<std::monostate, MailUser, Problem> find(std::string_view text, std::string_view login) {
  const auto line = find_line(text, login);
  if (!line) return std::monostate{};
  auto parsed = parse_line(line->text);
  if (const auto* reason = std::get_if<std::string>(&parsed)) return Problem{line->number, *reason};
  return std::move(std::get<MailUser>(parsed));
}

std::string with(std::string_view text, const MailUser& user) {
  std::string result;
  bool is_there = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const bool is_its = !is_there && is_of(line, user.login);
    is_there = is_there || is_its;
    result.append(is_its ? line_of(user) : line).append("\n");
  }
  return is_there ? result : result + line_of(user) + "\n";
}

std::optional<std::string> without(std::string_view text, std::string_view login) {
  std::string result;
  bool was_there = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (is_of(line, login))
      was_there = true;
    else
      result.append(line).append("\n");
  }
  return was_there ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace qmail::accounts::poppasswd
