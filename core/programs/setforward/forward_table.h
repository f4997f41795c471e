// The table that setforward reads: "target: command, command;". setforward(1).
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace qmail {

/// Turns the text of a table into the records of a forwarding database.
class ForwardTable {
 public:
  /// `add` gets the key and the data of each record (core/format/forward_command.h).
  explicit ForwardTable(std::function<void(std::string_view key, std::string_view data)> add)
      : add_(std::move(add)) {}

  /// The next piece of the text, then end(). Throw Failure (permanent), naming the line.
  void put(std::string_view piece);
  void end() const;

 private:
  enum class Reading { text, comment, escaped };  ///< escaped: behind a backslash
  void take(char c);
  void start_commands();
  void end_command();
  void end_instruction();
  void append(char c);
  [[noreturn]] void refuse(const std::string& why) const;

  std::function<void(std::string_view, std::string_view)> add_;
  Reading reading_ = Reading::text;
  bool in_commands_ = false;  ///< behind the colon
  std::string target_, command_;
  std::string commands_;  ///< those of the target so far, each with its NUL
  std::size_t line_ = 1;
};

}  // namespace qmail
