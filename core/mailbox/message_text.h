// A message read for what it says: the fields of its header, then the lines of its body. qmail-header(5).
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "core/base/io.h"

namespace qmail::mailbox {

/// Memory is bounded: no more than `longest` bytes of a field, and of a line, are kept.
class MessageText {
 public:
  /// Reads `fd` from where it stands.
  MessageText(int fd, std::size_t longest) : in_(fd), longest_(longest) {}
  /// Once, and first: each field with its newlines. Throws Failure.
  void read_header(std::function<void(const std::string&)> on_field);
  /// The next line of the body with its newline, the blank one before it too. None at its end. Throws
  /// Failure.
  std::optional<std::string> next_line();

 private:
  std::optional<std::string> read_line();

  Reader in_;
  std::size_t longest_;
  std::optional<std::string> blank_, first_;  ///< of the body, and found with the header's end
};

/// What a message is about, in few words; as they are, printable or not.
struct Summary {
  std::string sender = "?";     ///< what Return-Path says
  std::string recipient = "?";  ///< what Delivered-To says
  std::string from;             ///< the whole From field; empty: there is none
  std::string text;             ///< the subject, and behind it the body
};

/// No more than so many bytes of text. Throws Failure if the message cannot be read.
Summary summarize(int fd, std::size_t longest_text);

}  // namespace qmail::mailbox
