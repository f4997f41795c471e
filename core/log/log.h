// Where the lines of events.h go: kept whole, written together before the process waits.
#pragma once
#include <string>
#include <string_view>

#include "core/log/facts.h"
#include "core/log/twin.h"

namespace qmail::log {

/// Writes to `fd`, which it does not own. Nobody is left to tell when the logger is gone, so errors are
/// ignored and the mail goes on.
class Log {
 public:
  /// `twin`, which it does not own, is told of every line too; none: null.
  explicit Log(int fd, Twin* twin = nullptr) : fd_(fd), twin_(twin) {}
  Log(const Log&) = delete;
  ~Log() { flush(); }

  void put(std::string_view line);
  /// The same for a line that tells of a message; the twin is told the facts in its place.
  void put(std::string_view line, const Facts& facts);
  void flush();

  /// For what only a twin is told, and what it costs to find out: null if there is none.
  Twin* twin() const { return twin_; }

 private:
  void put_line(std::string_view line);

  int fd_;
  Twin* twin_;
  std::string lines_;
};

}  // namespace qmail::log
