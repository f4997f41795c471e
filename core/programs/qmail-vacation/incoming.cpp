#include "core/programs/qmail-vacation/incoming.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/format/automatic_mail.h"
#include "core/format/header_addresses.h"
#include "core/format/header_field.h"

namespace qmail::vacation {
namespace {

using header::Field;

/// No field that is copied into the answer is longer.
constexpr std::size_t longest_copy = 900;

/// On one line, with nothing in it that could start another.
std::string copy_of(std::string_view body) {
  std::string text(body.substr(0, longest_copy));
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
  return text;
}

}  // namespace

void Incoming::take(const std::string& field) {
  const std::string_view name = header::field_name(field);
  const std::string_view body = header::field_body(field);
  if (why_not_.empty()) why_not_ = why_no_answer_after(field);
  if (equal_nocase(name, "subject")) subject_ = copy_of(body);
  if (equal_nocase(name, "references")) references_ = copy_of(body);
  switch (header::field_of(field)) {
    case Field::message_id: message_id_ = copy_of(body); break;
    case Field::to:
    case Field::cc:
    case Field::bcc:
    case Field::apparently_to:
    case Field::resent_to:
    case Field::resent_cc:
    case Field::resent_bcc: look_for_own(field); break;
    default: break;
  }
}

void Incoming::look_for_own(const std::string& field) {
  const auto tokens = header::parse_tokens(field);
  if (!tokens) return;
  static_cast<void>(header::rewrite_addresses(*tokens, [&](header::Tokens& address) {
    const std::string text = header::envelope_address(address);
    for (const std::string& own : own_)
      if (!named_ && equal_nocase(text, own)) named_ = own;
  }));
}

}  // namespace qmail::vacation
