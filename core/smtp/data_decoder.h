// The text a client sends after DATA: where it ends, and what of it is the message. RFC 5321 section 4.5.2.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace qmail::smtpd {

/// Turns CR LF into LF, takes the dot off a line that starts with one, and finds the line that is a dot
/// alone. Only CR LF ends a line: a newline without CR before it could hide a second message from one of two
/// servers (SMTP smuggling), so it is an error. Other CRs and every other byte are kept.
class DataDecoder {
 public:
  enum class Outcome { more, done, stray_newline };
  using Put = std::function<void(std::string_view)>;

  /// Decodes the front of `in`, wherever the stream was cut, and takes off what it used: all of it, unless
  /// the text ends (done) or breaks the rule (stray_newline) before. Gives the message to `put` in pieces.
  Outcome decode(std::string_view& in, const Put& put);

 private:
  enum class State { line_start, in_line, cr, dot, dot_cr };
  Outcome decode_line(std::string_view& in, const Put& put);

  State state_ = State::line_start;
};

/// Counts the header lines that each mail host on the way has added: those that start with "Received" or
/// "Delivered", in any case and with anything behind. The header ends at the first empty line.
class HopCounter {
 public:
  /// The next bytes as they came from the client.
  void see(std::string_view raw);
  /// The message goes round in a circle.
  bool is_looping() const { return hops_ >= 100; }

 private:
  void judge();

  std::string start_;  ///< the first bytes of the current line
  bool in_header_ = true;
  std::size_t hops_ = 0;
};

}  // namespace qmail::smtpd
