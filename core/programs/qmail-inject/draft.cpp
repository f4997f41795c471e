#include "core/programs/qmail-inject/draft.h"

#include "core/format/origin_fields.h"
#include "core/programs/qmail-inject/new_fields.h"

namespace qmail::inject {
namespace {

using header::Field;
using header::Tokens;

/// How the addresses of a field are used.
enum class Role { none, recipient, author, sender };

Role role_of(Field field) {
  switch (field) {
    case Field::to:
    case Field::cc:
    case Field::bcc:
    case Field::apparently_to:
    case Field::resent_to:
    case Field::resent_cc:
    case Field::resent_bcc: return Role::recipient;
    case Field::return_path: return Role::sender;
    case Field::sender:
    case Field::from:
    case Field::reply_to:
    case Field::return_receipt_to:
    case Field::errors_to:
    case Field::resent_sender:
    case Field::resent_from:
    case Field::resent_reply_to: return Role::author;
    case Field::other:
    case Field::date:
    case Field::message_id:
    case Field::content_length:
    case Field::mail_followup_to:
    case Field::resent_date:
    case Field::resent_message_id: break;
  }
  return Role::none;
}

/// Fields that never leave this program. A Content-Length would be wrong after the first rewriting.
bool stays_here(Field field) {
  return field == Field::bcc || field == Field::resent_bcc || field == Field::return_path ||
         field == Field::content_length;
}

std::string new_message_id(const Settings& settings) {
  return header::message_id_field(settings.now, std::to_string(settings.pid), settings.id_host);
}

constexpr std::string_view no_recipients_shown = "Cc: recipient list not shown: ;\n";

}  // namespace

bool Draft::is_resent() const {
  for (std::size_t i = static_cast<std::size_t>(Field::resent_sender); i < header::field_count; ++i)
    if (seen_.test(i)) return true;
  return false;
}

bool Draft::is_unwanted(Field field) const {
  const Wishes& wishes = settings_.wishes;
  return (field == Field::from && wishes.drop_from()) ||
         (field == Field::message_id && wishes.drop_message_id()) ||
         (field == Field::return_path && wishes.drop_return_path());
}

void Draft::take_recipient(Field field, const Tokens& address) {
  const std::string recipient = envelope_form(address);
  const bool resent = field == Field::resent_to || field == Field::resent_cc || field == Field::resent_bcc;
  (resent ? resent_recipients_ : recipients_).push_back(recipient);
  if (field == Field::to || field == Field::cc) to_and_cc_.push_back(recipient);
}

std::string Draft::rewritten(Field field, const std::string& line) {
  const Role role = role_of(field);
  if (role == Role::none) return line;
  const auto result = header::rewrite_field(line, [&](Tokens& address) {
    settings_.completion.complete(address);
    if (role == Role::recipient) take_recipient(field, address);
    if (role == Role::sender && !sender_) sender_ = envelope_sender(address, settings_.wishes);
  });
  if (!result && role != Role::recipient) throw header::unparsable(line);
  return result.value_or(line);
}

void Draft::add(const std::string& line) {
  const Field field = header::field_of(line);
  if (is_unwanted(field)) return;
  if (field != Field::other) seen_.set(static_cast<std::size_t>(field));
  const std::string kept = rewritten(field, line);
  if (!stays_here(field)) fields_ += kept;
}

std::string Draft::finish() {
  if (!sender_) sender_ = default_sender(settings_);
  return (is_resent() ? resent_fields() : new_fields()) + fields_;
}

std::string Draft::resent_fields() const {
  std::string fields;
  const auto add = [&](std::string_view field) { fields.append("Resent-").append(field); };
  if (!has(Field::resent_date)) add(header::date_field(settings_.now));
  if (!has(Field::resent_message_id)) add(new_message_id(settings_));
  if (!has(Field::resent_from)) add(from_field(settings_));
  if (!has(Field::resent_to) && !has(Field::resent_cc)) add(no_recipients_shown);
  return fields;
}

std::string Draft::new_fields() const {
  std::string fields;
  if (!has(Field::date)) fields += header::date_field(settings_.now);
  if (!has(Field::message_id)) fields += new_message_id(settings_);
  if (!has(Field::from)) fields += from_field(settings_);
  if (!has(Field::to) && !has(Field::cc)) fields += no_recipients_shown;
  if (!has(Field::mail_followup_to)) fields += mail_followup_to(settings_, to_and_cc_);
  return fields;
}

}  // namespace qmail::inject
