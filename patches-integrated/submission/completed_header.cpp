#include "patches-integrated/submission/completed_header.h"

#include <algorithm>

#include "core/format/header_field.h"
#include "core/format/origin_fields.h"

namespace qmail::features {
namespace {

/// None if there is nothing to do, or nobody knows what.
std::optional<std::string> completed(const std::string& field, const header::Completion& completion) {
  bool is_changed = false;
  const auto result = header::rewrite_field(field, [&](header::Tokens& address) {
    const header::Tokens before = address;
    completion.complete(address);
    is_changed = is_changed || address != before;
  });
  return is_changed ? result : std::nullopt;
}

bool has(const smtpd::HeaderFields& fields, header::Field wanted) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const std::string& field) { return header::field_of(field) == wanted; });
}

}  // namespace

void complete_header(smtpd::HeaderFields& fields, const HeaderDefaults& defaults, std::int64_t now,
                     std::string_view unique) {
  for (std::string& field : fields)
    if (header::holds_addresses(header::field_of(field)))
      field = completed(field, defaults.completion).value_or(field);
  if (!has(fields, header::Field::message_id))
    fields.insert(fields.begin(), header::message_id_field(now, unique, defaults.id_host));
  if (!has(fields, header::Field::date)) fields.insert(fields.begin(), header::date_field(now));
}

}  // namespace qmail::features
