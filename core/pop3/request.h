// One line of a POP3 client: a command and its argument. RFC 1939 section 3.
#pragma once
#include <string_view>

namespace qmail::pop3 {

/// Views of the line.
struct Request {
  std::string_view verb;
  std::string_view arg;  ///< without the blanks in front of it, with those behind it
};

/// `line` without its line end. As in stock it ends at its first NUL.
Request parse_request(std::string_view line);

}  // namespace qmail::pop3
