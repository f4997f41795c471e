// The socket through which the resident qmail-queue takes messages: what goes over it, and the sending side.
// docs/internals/queue.md.
//
//   submission := chunk... end envelope      chunk := length(4, the low byte first, not 0) bytes
//   answer     := code(1) qp "\n"            end   := four zero bytes
//
// The envelope is that of envelopes(5), with its last zero byte. The code is one of qmail-queue(8)'s exit
// codes, qp a decimal number.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/fd.h"

namespace qmail::queue {

inline constexpr const char* submission_socket = "run/queue";  ///< below the home

/// What is larger, in bytes or in recipients, goes straight into the layout.
inline constexpr std::size_t most_logged_bytes = std::size_t{256} << 10;
inline constexpr std::size_t most_logged_recipients = 100;

/// What became of a submission.
struct Answer {
  int code = 0;
  std::uint64_t qp = 0;
};
std::string answer_bytes(const Answer& answer);
/// The whole of `bytes`, with its newline.
std::optional<Answer> parse_answer(std::string_view bytes);
inline constexpr std::size_t longest_answer = 32;

std::string chunk_head(std::uint32_t length);

/// Divides a submission that arrives in pieces of any size.
class SubmissionScan {
 public:
  /// Takes the next bytes of the message off the front of `in`. When that gives none, either `in` is used up
  /// or at_envelope(): what is left in `in`, and all that follows, is the envelope.
  std::string_view take(std::string_view& in);
  bool at_envelope() const { return at_envelope_; }

 private:
  std::uint32_t head_ = 0;
  std::size_t head_bytes_ = 0;
  std::uint32_t left_ = 0;  ///< of the chunk
  bool at_envelope_ = false;
};

/// One message on its way to the resident qmail-queue. The process must ignore SIGPIPE.
class Submission {
 public:
  /// None, with errno set, if nobody listens.
  static std::optional<Submission> connect(const Directory& home);

  /// Sends all of it, `envelope` with its last zero byte, and waits for the answer; code 74 if the connection
  /// is lost. None if nothing was sent, so that another way may be tried.
  std::optional<Answer> submit(std::string_view message, std::string_view envelope);

  // The same in pieces. After a false nothing more is sent, and the answer may tell why.
  bool put_message(std::string_view bytes);
  bool end_message();
  bool put_envelope(std::string_view bytes);
  Answer answer();

 private:
  explicit Submission(Fd socket) : socket_(std::move(socket)) {}
  bool send(std::array<std::string_view, 4> parts);

  Fd socket_;
  bool sent_any_ = false;
};

}  // namespace qmail::queue
