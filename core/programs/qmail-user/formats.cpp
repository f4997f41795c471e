#include "core/programs/qmail-user/formats.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/accounts/vida.h"
#include "core/base/text.h"

namespace qmail::user {
namespace {

using accounts::poppasswd::Problem;
using Line = std::variant<std::optional<Foreign>, std::string>;

constexpr std::array<std::pair<std::string_view, Format>, 4> names{{
    {"passwd", Format::passwd},
    {"poppasswd", Format::poppasswd},
    {"cmd5checkpw", Format::cmd5},
    {"vida", Format::vida},
}};

constexpr std::size_t passwd_fields = 7, poppasswd_fields = 4, cmd5_fields = 2;
constexpr const char* no_password = "!none!";

bool is_cdb(std::string_view bytes) { return accounts::vida::parse_users(bytes).has_value(); }

std::string number_of(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

std::string login_problem(std::string_view login) { return std::string(accounts::problem_of_login(login)); }

/// True for what crypt(5) makes by any method but the oldest, and for what stands in its place.
bool is_marked_hash(std::string_view text) {
  return text.starts_with('$') || text.starts_with('_') || text.starts_with('!') || text.starts_with('*') ||
         text.starts_with('{');
}

constexpr std::size_t oldest_hash = 13;

/// Why a line of this many fields is not what its number of fields says; empty if it is.
std::string contradiction(std::size_t count, std::string_view line) {
  const auto fields = split(line, ':');
  if (count == cmd5_fields && is_marked_hash(fields[1]))
    return "has two fields, as for cmd5checkpw, but the second is a hash and no password";
  if (count == poppasswd_fields && !fields[3].starts_with('/'))
    return "has four fields, as for poppasswd, but the last is no absolute path";
  if (count == poppasswd_fields && !fields[1].empty() && !is_marked_hash(fields[1]) &&
      fields[1].size() != oldest_hash)
    return "has four fields, as for poppasswd, but the second is no hash";
  return "";
}

Line parse_passwd(std::string_view line) {
  const auto fields = split(line, ':');
  if (fields.size() != passwd_fields) return "it has " + number_of(fields.size()) + ", and passwd(5) has 7";
  const auto uid = parse_number<std::uint32_t>(fields[2]);
  if (!uid || !parse_number<std::uint32_t>(fields[3])) return "its third and fourth fields are no numbers";
  if (auto problem = login_problem(fields[0]); !problem.empty()) return problem;
  if (*uid == 0) return std::nullopt;
  return Foreign{.user = {.login = std::string(fields[0]),
                          .hash = no_password,
                          .user = std::string(fields[0]),
                          .home = std::string(fields[5])}};
}

Line parse_poppasswd(std::string_view line) {
  auto parsed = accounts::poppasswd::parse_line(line);
  if (auto* reason = std::get_if<std::string>(&parsed)) return std::move(*reason);
  return Foreign{.user = std::move(std::get<accounts::MailUser>(parsed))};
}

/// The password is all that follows the first colon.
Line parse_cmd5(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return "it has no colon";
  if (line.find('\0') != std::string_view::npos) return "it has a NUL";
  if (auto problem = login_problem(line.substr(0, colon)); !problem.empty()) return problem;
  Foreign foreign{.user = {.login = std::string(line.substr(0, colon))},
                  .password = std::string(line.substr(colon + 1))};
  if (foreign.password.empty()) return "it has no password";
  return foreign;
}

Line parse_line(Format format, std::string_view line) {
  switch (format) {
    case Format::passwd: return parse_passwd(line);
    case Format::poppasswd: return parse_poppasswd(line);
    default: return parse_cmd5(line);
  }
}

std::variant<std::vector<Foreign>, Problem> parse_cdb(std::string_view bytes) {
  const auto users = accounts::vida::parse_users(bytes);
  if (!users) return Problem{0, "it is damaged, or no users.cdb"};
  std::vector<Foreign> list;
  for (const auto& [name, record] : *users)
    list.push_back({.user = {.login = name,
                             .hash = record.hash,
                             .home = record.home,
                             .secret = record.secret,
                             .scram = record.scram}});
  return list;
}

}  // namespace

std::optional<Format> find_format(std::string_view name) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == name; });
  return found != names.end() ? std::optional(found->second) : std::nullopt;
}

std::variant<Format, std::string> detect_format(std::string_view bytes) {
  if (is_cdb(bytes)) return Format::vida;
  std::optional<std::size_t> count;
  std::size_t number = 0;
  for (const std::string_view line : split(bytes, '\n')) {
    ++number;
    if (accounts::poppasswd::is_note(line)) continue;
    const std::size_t fields = split(line, ':').size();
    if (!count) count = fields;
    if (fields != *count)
      return "line " + std::to_string(number) + " has " + number_of(fields) + ", and those before it have " +
             std::to_string(*count);
    if (const std::string why = contradiction(fields, line); !why.empty())
      return "line " + std::to_string(number) + " " + why;
  }
  if (!count) return std::string("it has no lines");
  if (*count == passwd_fields) return Format::passwd;
  if (*count == poppasswd_fields) return Format::poppasswd;
  if (*count == cmd5_fields) return Format::cmd5;
  return "its lines have " + number_of(*count);
}

std::variant<std::vector<Foreign>, Problem> parse_list(Format format, std::string_view bytes) {
  if (format == Format::vida) return parse_cdb(bytes);
  std::vector<Foreign> list;
  std::size_t number = 0;
  for (const std::string_view line : split(bytes, '\n')) {
    ++number;
    if (accounts::poppasswd::is_note(line)) continue;
    Line parsed = parse_line(format, line);
    if (auto* reason = std::get_if<std::string>(&parsed)) return Problem{number, std::move(*reason)};
    if (auto& foreign = std::get<std::optional<Foreign>>(parsed)) list.push_back(std::move(*foreign));
  }
  return list;
}

}  // namespace qmail::user
