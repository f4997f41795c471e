#include "core/users/assign.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/format/cdb.h"

namespace qmail::users {
namespace {

// Keys: '!', the name in lower case, and NUL unless it is a wildcard. The key "" holds the wildcard
// characters.
constexpr char key_mark = '!';
constexpr char key_end = '\0';

/// Why the line cannot be used, or empty. It has no newline.
std::string_view parse_line(std::string_view line, Assignment& assignment) {
  if (line.find('\0') != std::string_view::npos) return "it has a NUL byte";
  if (line.empty() || line.front() == ':') return "it does not start with = or +";
  std::size_t at = line.find(':');
  if (at == std::string_view::npos) return "it has no colon";
  assignment.is_wildcard = line.front() == '+';  // stock takes any other character for '='
  assignment.name = line.substr(1, at - 1);
  for (std::string_view& field : assignment.fields) {
    line.remove_prefix(at + 1);
    at = line.find(':');
    if (at == std::string_view::npos) return "it has fewer than seven colons";
    field = line.substr(0, at);
  }
  return "";
}

std::string key_of(const Assignment& assignment) {
  std::string key = key_mark + lower(assignment.name);
  if (!assignment.is_wildcard) key += key_end;
  return key;
}

std::string data_of(const Assignment& assignment) {
  std::string data;
  for (const std::string_view field : assignment.fields) data.append(field).push_back('\0');
  data.pop_back();
  return data;
}

AssignedUser found(std::string_view data, std::string_view extension) {
  std::string fields(data);
  fields.append(extension).push_back('\0');
  auto record = parse_user_record(fields);
  if (!record) return DamagedCdb{};
  return std::move(*record);
}

}  // namespace

std::variant<std::vector<Assignment>, AssignError> parse_assign(std::string_view text) {
  std::vector<Assignment> assignments;
  for (std::size_t number = 1; !text.starts_with('.'); ++number) {
    const std::size_t end = text.find('\n');
    if (text.empty()) return AssignError{number, "there is no line with a dot at the end"};
    if (end == std::string_view::npos) return AssignError{number, "it has no newline"};
    Assignment assignment;
    const std::string_view reason = parse_line(text.substr(0, end), assignment);
    if (!reason.empty()) return AssignError{number, reason};
    assignments.push_back(assignment);
    text.remove_prefix(end + 1);
  }
  return assignments;
}

std::optional<std::string> build_users_cdb(const std::vector<Assignment>& assignments) {
  CdbBuilder builder;
  std::string wildcard_characters;
  for (const Assignment& assignment : assignments) {
    if (!builder.add(key_of(assignment), data_of(assignment))) return std::nullopt;
    if (!assignment.is_wildcard || assignment.name.empty()) continue;
    const char last = assignment.name.back();
    if (wildcard_characters.find(last) == std::string::npos) wildcard_characters += last;
  }
  if (!builder.add("", wildcard_characters)) return std::nullopt;
  return builder.finish();
}

AssignedUser find_assigned(std::string_view cdb, std::string_view local) {
  const CdbView view(cdb);
  const auto wildcard_characters = view.is_whole() ? view.find("") : std::nullopt;
  if (!wildcard_characters) return DamagedCdb{};
  const std::string key = key_mark + lower(local) + key_end;
  if (const auto data = view.find(key)) return found(*data, "");
  for (std::size_t taken = local.size() + 1; taken-- > 0;) {
    const char last = key[taken];  // of the key's first taken + 1 characters
    if (taken > 0 && wildcard_characters->find(last) == std::string_view::npos) continue;
    if (const auto data = view.find(std::string_view(key).substr(0, taken + 1)))
      return found(*data, local.substr(taken));
  }
  return NotAssigned{};
}

}  // namespace qmail::users
