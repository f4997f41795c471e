// The mbox format: a From_ line, the message with its own "From " lines quoted, a blank line. mbox(5).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail {

/// "From SENDER DATE\n" for an envelope sender: blanks in it become '-', the null sender MAILER-DAEMON.
std::string mbox_from_line(std::string_view sender, std::int64_t seconds);

/// Quotes one message for an mbox, in pieces of any size: every line that is any number of '>' and then "From
/// " gets one more '>'.
class MboxQuoter {
 public:
  /// Appends to `out` what `bytes` become. Up to five of them are held back until it is known.
  void put(std::string_view bytes, std::string& out);
  /// Appends the rest: a newline if the message did not end in one, and the blank line.
  void finish(std::string& out);

 private:
  void begin_line(char byte, std::string& out);

  std::string_view matched_;  ///< so much of "From " stands at the beginning of the line and is held back
  bool at_beginning_ = true;  ///< nothing but '>' and `matched_` since the last newline
  bool line_is_open_ = false;
};

}  // namespace qmail
