// Where the lines of events.h go: kept whole, written together before the process waits.
#pragma once
#include <string>
#include <string_view>

namespace qmail::log {

/// Writes to `fd`, which it does not own. Nobody is left to tell when the logger is gone, so errors are
/// ignored and the mail goes on.
class Log {
 public:
  explicit Log(int fd) : fd_(fd) {}
  Log(const Log&) = delete;
  ~Log() { flush(); }

  void put(std::string_view line);
  void flush();

 private:
  int fd_;
  std::string lines_;
};

}  // namespace qmail::log
