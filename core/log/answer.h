// Who answered a remote delivery, and what: taken from the report that qmail-remote wrote. qmail-remote(8).
#pragma once
#include <string_view>

namespace qmail::log {

/// How a line of a report begins that tells about the connection, behind what the host said.
inline constexpr std::string_view before_connection = "Connection: ";

/// Views of the report; empty: it does not say.
struct Answer {
  std::string_view host;  ///< an IP address
  std::string_view text;  ///< what the host said, one or more lines; the newlines between them stay
};

Answer parse_answer(std::string_view report);

}  // namespace qmail::log
