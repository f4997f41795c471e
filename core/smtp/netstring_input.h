// Netstrings as they come from a client of QMTP or QMQP, in pieces: none is kept whole unless it is short.
// https://cr.yp.to/proto/qmtp.txt, https://cr.yp.to/proto/qmqp.html; qmail-qmtpd(8), qmail-qmqpd(8).
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/program.h"

namespace qmail {

/// What the client sends. All but at_end() throw Failure: with an empty text and Exit::ok if the client is
/// gone, permanent if it does not keep to the protocol, temporary if a length is beyond all measure.
class NetstringInput {
 public:
  explicit NetstringInput(int fd) : in_(fd) {}

  /// True if the client has closed the connection; waits for that, or for a byte.
  bool at_end() { return in_.peek().empty(); }
  /// The digits and the colon.
  std::uint64_t length();
  void comma();
  /// Hands the next `count` bytes to `use`, piece by piece.
  void pass(std::uint64_t count, const std::function<void(std::string_view)>& use);
  /// An address and its comma: none if it has 1000 bytes or more, which are then dropped.
  std::optional<std::string> address(std::uint64_t size);

  /// From now on no more than `count` bytes may be taken: what follows is inside of a netstring.
  void enter(std::uint64_t count) { left_ = count; }
  void leave() { left_.reset(); }
  bool has_left() const { return left_ && *left_ > 0; }

 private:
  std::string_view peek();
  void take(std::size_t count);

  Reader in_;
  std::optional<std::uint64_t> left_;
};

/// No address of an envelope may be as long as this.
inline constexpr std::size_t too_long_address = 1000;

/// A session may last so long: then it ends with 111, as in stock.
inline constexpr unsigned longest_session_seconds = 3600;

/// A client that is gone is not an error to tell of.
Ending quiet_about_lost_clients(const std::string& program);

/// The good answer: "Kok 1234567890 qp 123".
std::string accepted_answer(std::int64_t now, std::uint64_t qp);

}  // namespace qmail
