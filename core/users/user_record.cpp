#include "core/users/user_record.h"

#include "core/base/text.h"

namespace qmail::users {
namespace {

std::optional<std::string_view> take_field(std::string_view& fields) {
  const std::size_t end = fields.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view field = fields.substr(0, end);
  fields.remove_prefix(end + 1);
  return field;
}

template <typename Id>
bool take_id(std::string_view& fields, Id& id) {
  auto field = take_field(fields);
  if (!field) return false;
  const bool starts_with_digit = !field->empty() && field->front() >= '0' && field->front() <= '9';
  const auto number = take_number<Id>(*field);
  id = number.value_or(0);
  return number || !starts_with_digit;
}

bool take_text(std::string_view& fields, std::string& text) {
  const auto field = take_field(fields);
  text = field.value_or("");
  return field.has_value();
}

}  // namespace

std::optional<UserRecord> parse_user_record(std::string_view fields) {
  UserRecord record;
  const bool complete = take_text(fields, record.user) && take_id(fields, record.uid) &&
                        take_id(fields, record.gid) && take_text(fields, record.home) &&
                        take_text(fields, record.dash) && take_text(fields, record.ext);
  return complete ? std::optional(record) : std::nullopt;
}

}  // namespace qmail::users
