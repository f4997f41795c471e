// An SMTP reply as a value. RFC 5321 section 4.2.
#pragma once
#include <string>

namespace qmail::smtpd {

struct Reply {
  int code;          ///< three digits
  std::string text;  ///< without line end; each '\n' in it begins a further line of the same reply
};

/// As it goes to the client: "250-first\r\n250 last\r\n".
std::string encode(const Reply& reply);

}  // namespace qmail::smtpd
