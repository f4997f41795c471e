// Buffered reading and writing. Nothing throws on a lost connection or a time-out: a Reader says
// why it stopped, and the program decides what that means (a 451 reply, a retry, exit 111).
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace qmail {

/// Why a Reader or a Writer stopped. `failed` leaves the reason in error().
enum class Stop { none, end, timed_out, failed };

/// Reads `fd`, which it does not own, through a buffer of its own.
class Reader {
 public:
  static constexpr std::size_t usual_block = 16384;

  /// `timeout_seconds` bounds each wait for more bytes; none: wait for ever. At most `block` bytes are read
  /// beyond those that are asked for: with 1, whoever reads `fd` next misses nothing.
  explicit Reader(int fd, std::optional<int> timeout_seconds = std::nullopt, std::size_t block = usual_block)
      : fd_(fd), timeout_seconds_(timeout_seconds), block_(block) {}

  /// The next byte, or none: see stopped().
  std::optional<char> get();
  /// What is buffered, waiting for at least one byte; empty: see stopped(). take() what was used.
  std::string_view peek();
  void take(std::size_t count) { begin_ += count; }
  /// Overwrites all that is no longer buffered: there was a secret in it.
  void forget() noexcept;
  /// Reads up to and including '\n' into `line`, without it. False at the end: `line` then holds the
  /// bytes of a last line without newline, if any. At most `limit` bytes are kept; the rest is read and
  /// dropped.
  bool line(std::string& line, std::size_t limit = static_cast<std::size_t>(-1), char end = '\n');
  /// How many bytes of the last line() were not kept.
  std::size_t dropped() const { return dropped_; }
  /// Bytes already here, so that reading them cannot block.
  bool has_buffered() const { return begin_ < end_; }

  Stop stopped() const { return stop_; }
  int error() const { return error_; }
  int fd() const { return fd_; }

 private:
  bool fill();

  int fd_;
  std::optional<int> timeout_seconds_;
  std::size_t block_;
  std::unique_ptr<char[]> buffer_;  ///< made when it is first needed
  std::size_t begin_ = 0, end_ = 0;
  std::size_t dropped_ = 0;
  Stop stop_ = Stop::none;
  int error_ = 0;
};

/// Writes `fd`, which it does not own, through a buffer. Errors stick: after the first one nothing more is
/// written, and flush() tells. For sockets and pipes; files whose durability counts go through sys.h.
class Writer {
 public:
  explicit Writer(int fd, std::optional<int> timeout_seconds = std::nullopt)
      : fd_(fd), timeout_seconds_(timeout_seconds) {}

  Writer& put(std::string_view bytes);
  Writer& put(char byte) { return put(std::string_view(&byte, 1)); }
  /// True if every byte put so far was written.
  [[nodiscard]] bool flush();
  /// Throws Failure "unable to write LABEL" if flush() fails.
  void flush_or_throw(const std::string& label);

  Stop stopped() const { return stop_; }
  int error() const { return error_; }
  int fd() const { return fd_; }

 private:
  /// A socket mostly has room: it is asked only once it has shown that it has none.
  bool is_tried_first() const { return is_socket_ && timeout_seconds_; }
  ssize_t write_some(std::string_view bytes) const;

  int fd_;
  std::optional<int> timeout_seconds_;
  bool is_socket_ = true;  ///< as far as is known
  std::string buffer_;
  Stop stop_ = Stop::none;
  int error_ = 0;
};

}  // namespace qmail
