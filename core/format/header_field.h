// Header fields: which lines are fields, which fields qmail knows, and where the header ends.
// RFC 822 section 3.2; qmail-header(5).
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace qmail::header {

/// The fields that qmail-inject treats in a way of their own.
enum class Field {
  other,
  sender,
  from,
  reply_to,
  to,
  cc,
  bcc,
  date,
  message_id,
  return_receipt_to,
  errors_to,
  apparently_to,
  return_path,
  content_length,
  mail_followup_to,
  resent_sender,
  resent_from,
  resent_reply_to,
  resent_to,
  resent_cc,
  resent_bcc,
  resent_date,
  resent_message_id,
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::resent_message_id) + 1;

/// What stands before the first colon, without blanks at its end; empty if there is no colon.
std::string_view field_name(std::string_view line);
/// True if `line` starts with a field name (printable ASCII) and a colon, perhaps with blanks between.
bool is_field(std::string_view line);
/// True if `line` starts the field of this name, whatever case it is in there.
bool is_field(std::string_view line, std::string_view name);
/// What stands in a field behind its colon and the blanks and newlines there, without the newline at its end.
std::string_view value_of(std::string_view field);
/// The same without any blanks and newlines at its end.
std::string_view field_body(std::string_view field);
/// The field `line` starts, whatever case its name is in.
Field field_of(std::string_view line);
/// True for those that name authors and recipients.
bool holds_addresses(Field field);

/// Divides the lines of a message into the fields of its header, each whole with its continuation lines,
/// and the body.
class HeaderSplitter {
 public:
  /// `on_field` gets each field, with its newlines, but no more of it than `longest` bytes.
  explicit HeaderSplitter(std::function<void(const std::string&)> on_field,
                          std::size_t longest = std::string::npos)
      : on_field_(std::move(on_field)), longest_(longest) {}

  /// True while `line`, which ends in a newline, belongs to the header. False: the header is over and this
  /// line is the body's first, with a blank line before it unless it is blank itself.
  bool take(std::string_view line);
  /// The message ended within its header.
  void end();

 private:
  void append(std::string_view line);

  std::function<void(const std::string&)> on_field_;
  std::size_t longest_;
  std::string field_;
};

}  // namespace qmail::header
