#include "core/smtp/reply.h"

#include <vector>

#include "core/base/text.h"

namespace qmail::smtpd {

std::string encode(const Reply& reply) {
  const std::string code = std::to_string(reply.code);
  const std::vector<std::string_view> lines = split(reply.text, '\n');
  std::string encoded;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    encoded.append(code).append(i + 1 < lines.size() ? "-" : " ");
    encoded.append(lines[i]).append("\r\n");
  }
  return encoded;
}

}  // namespace qmail::smtpd
