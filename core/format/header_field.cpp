#include "core/format/header_field.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace qmail::header {
namespace {

constexpr std::array<std::string_view, field_count> names{"",
                                                          "sender",
                                                          "from",
                                                          "reply-to",
                                                          "to",
                                                          "cc",
                                                          "bcc",
                                                          "date",
                                                          "message-id",
                                                          "return-receipt-to",
                                                          "errors-to",
                                                          "apparently-to",
                                                          "return-path",
                                                          "content-length",
                                                          "mail-followup-to",
                                                          "resent-sender",
                                                          "resent-from",
                                                          "resent-reply-to",
                                                          "resent-to",
                                                          "resent-cc",
                                                          "resent-bcc",
                                                          "resent-date",
                                                          "resent-message-id"};

}  // namespace

std::string_view field_name(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view before = line.substr(0, colon);
  return before.substr(0, before.find_last_not_of(" \t") + 1);
}

std::string_view field_body(std::string_view line) { return trim_end(value_of(line)); }

bool is_field(std::string_view line) {
  const std::string_view name = field_name(line);
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
}

bool is_field(std::string_view line, std::string_view name) { return equal_nocase(field_name(line), name); }

std::string_view value_of(std::string_view field) {
  field.remove_prefix(std::min(field.find(':'), field.size() - 1) + 1);
  field.remove_prefix(std::min(field.find_first_not_of(" \t\r\n"), field.size()));
  if (field.ends_with('\n')) field.remove_suffix(1);
  return field;
}

Field field_of(std::string_view line) {
  const std::string_view name = field_name(line);
  for (std::size_t i = 1; i < names.size(); ++i)
    if (equal_nocase(name, names.at(i))) return static_cast<Field>(i);
  return Field::other;
}

bool holds_addresses(Field field) {
  switch (field) {
    case Field::sender:
    case Field::from:
    case Field::reply_to:
    case Field::to:
    case Field::cc:
    case Field::bcc:
    case Field::return_receipt_to:
    case Field::errors_to:
    case Field::apparently_to:
    case Field::resent_sender:
    case Field::resent_from:
    case Field::resent_reply_to:
    case Field::resent_to:
    case Field::resent_cc:
    case Field::resent_bcc: return true;
    case Field::other:
    case Field::date:
    case Field::message_id:
    case Field::return_path:
    case Field::content_length:
    case Field::mail_followup_to:
    case Field::resent_date:
    case Field::resent_message_id: break;
  }
  return false;
}

bool HeaderSplitter::take(std::string_view line) {
  if (!field_.empty() && (line.front() == ' ' || line.front() == '\t')) {
    append(line);
    return true;
  }
  end();
  if (line == "\n") return false;
  // The line that opens each message of an mbox is kept, but not as what it is.
  if (line.starts_with("From ")) {
    field_ = "MBOX-Line: ";
  } else if (!is_field(line)) {
    return false;
  }
  append(line);
  return true;
}

void HeaderSplitter::append(std::string_view line) {
  if (field_.size() < longest_) field_ += line.substr(0, longest_ - field_.size());
}

void HeaderSplitter::end() {
  if (!field_.empty()) on_field_(field_);
  field_.clear();
}

}  // namespace qmail::header
