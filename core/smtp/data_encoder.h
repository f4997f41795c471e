// A message as the text an SMTP client sends after DATA. RFC 5321 section 4.5.2.
#pragma once
#include <string>
#include <string_view>

namespace qmail::smtpc {

/// Ends every line with CR LF and puts a dot before a line that starts with one. LF, CR LF and a CR alone all
/// end a line: no CR or LF of the message reaches the server in any other form, and the line behind each is
/// checked for its dot, so that nothing in a message can look like its end to any server (SMTP smuggling).
class DataEncoder {
 public:
  /// Appends the encoded form of the next bytes, cut anywhere, to `out`.
  void encode(std::string_view in, std::string& out);
  /// Appends what a CR at the very end stands for, then the closing dot. False, with no dot, if the last line
  /// has no end: SMTP cannot say that.
  bool finish(std::string& out);

 private:
  void end_line(std::string& out);

  bool at_line_start_ = true;
  bool after_cr_ = false;
};

}  // namespace qmail::smtpc
