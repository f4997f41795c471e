// What an SMTP server answers, byte by byte. RFC 5321 section 4.2.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace qmail::smtpc {

struct ServerReply {
  std::uint64_t code = 0;
  std::string text;  ///< all its lines with their codes, without CRs; cut at longest_text

  bool refuses() const { return code >= 400; }
  bool refuses_for_good() const { return code >= 500; }
};

/// Collects one reply of one or more lines, whatever the server sends. The first three bytes are its code;
/// digits or not, they are computed with as in stock, so letters come out as a large number: a refusal for
/// good. A line whose fourth byte is not '-' is the last.
class ReplyParser {
 public:
  static constexpr std::size_t longest_text = 5000;

  /// The next byte; true if it is the last of the reply.
  bool add(char byte);
  const ServerReply& reply() const { return reply_; }

 private:
  static constexpr unsigned code_size = 3;

  ServerReply reply_;
  unsigned column_ = 0;
  bool first_line_ = true;
  bool last_line_ = false;
};

}  // namespace qmail::smtpc
