// Where the JSON twin of the log goes: a pipe to a program that keeps it. The mail does not wait for that
// program: what it does not take waits in memory, a bounded amount, and what is beyond that is counted and
// lost.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/clock.h"
#include "core/log/facts.h"

namespace qmail::log {

/// Where qmail-start gives it to qmail-send.
inline constexpr int twin_descriptor = 8;
/// The argument that says so.
inline constexpr const char* twin_argument = "--json";

class Twin {
 public:
  static constexpr std::size_t most_waiting = std::size_t{1} << 20;

  /// Writes to `fd`, which it does not own, and which does not block from now on.
  Twin(int fd, const Clock& clock);
  Twin(const Twin&) = delete;
  ~Twin() { finish(); }

  void put(const Facts& facts) { add(twin_line(clock_.moment(), facts)); }
  /// For a line that tells of no message.
  void put(std::string_view line) { add(twin_line(clock_.moment(), line)); }
  /// Hands over what can be handed over at once.
  void flush();
  /// True if it makes sense to flush() when the pipe has room.
  bool is_waiting() const { return is_open_ && !lines_.empty(); }
  /// True, once, after the reader has gone: nothing is kept for it any more.
  bool take_loss() { return std::exchange(is_loss_untold_, false); }
  int fd() const { return fd_; }

 private:
  void add(std::string line);
  void finish();

  int fd_;
  const Clock& clock_;
  bool is_open_ = true;
  bool is_loss_untold_ = false;
  std::string lines_;
  std::uint64_t lost_ = 0;
};

}  // namespace qmail::log
