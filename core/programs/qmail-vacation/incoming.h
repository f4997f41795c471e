// What the header of a message that may be answered says. qmail-vacation(1).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail::vacation {

/// What the header of a message says.
class Incoming {
 public:
  /// `own` are the recipient's addresses.
  explicit Incoming(std::vector<std::string> own) : own_(std::move(own)) {}

  /// One field, with its newlines.
  void take(const std::string& field);

  /// Why it is not answered: it comes from a list or a program. Empty: it does not.
  const std::string& why_not() const { return why_not_; }
  /// Which of the own addresses it is openly sent to.
  const std::optional<std::string>& named() const { return named_; }
  const std::string& subject() const { return subject_; }
  const std::string& message_id() const { return message_id_; }
  const std::string& references() const { return references_; }

 private:
  void look_for_own(const std::string& field);

  std::vector<std::string> own_;
  std::string why_not_, subject_, message_id_, references_;
  std::optional<std::string> named_;
};

}  // namespace qmail::vacation
