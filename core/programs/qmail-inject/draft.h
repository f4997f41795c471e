// The header of a message on its way into the queue: which fields it has, what they make of the envelope,
// and the fields that are missing. qmail-header(5).
#pragma once
#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "core/format/header_addresses.h"
#include "core/format/header_field.h"
#include "core/programs/qmail-inject/settings.h"

namespace qmail::inject {

class Draft {
 public:
  /// `sender`: the envelope sender if it is decided already. `settings` must outlive this object.
  Draft(const Settings& settings, std::optional<std::string> sender)
      : settings_(settings), sender_(std::move(sender)) {}

  /// Takes a field of the original header, with its newlines. Throws Failure (permanent) on bad syntax in a
  /// field that names the author; a recipient field with bad syntax stays as it is.
  void add(const std::string& field);
  /// The original header is over: adds what is missing and settles the sender. Returns the new header.
  std::string finish();

  /// After finish().
  const std::string& sender() const { return *sender_; }
  /// The recipients that the header names: those of its Resent fields if it has any. After finish().
  const std::vector<std::string>& recipients() const {
    return is_resent() ? resent_recipients_ : recipients_;
  }

 private:
  bool has(header::Field field) const { return seen_.test(static_cast<std::size_t>(field)); }
  bool is_resent() const;
  bool is_unwanted(header::Field field) const;
  std::string rewritten(header::Field field, const std::string& line);
  void take_recipient(header::Field field, const header::Tokens& address);
  std::string resent_fields() const;
  std::string new_fields() const;

  const Settings& settings_;
  std::optional<std::string> sender_;
  std::bitset<header::field_count> seen_;
  std::string fields_;  ///< those that stay
  std::vector<std::string> recipients_, resent_recipients_, to_and_cc_;
};

}  // namespace qmail::inject
