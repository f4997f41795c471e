#include "core/log/log.h"

#include "core/base/io.h"

namespace qmail::log {
namespace {

/// As much as a pipe takes in one piece.
constexpr std::size_t most_kept_bytes = 4096;

}  // namespace

void Log::put(std::string_view line) {
  put_line(line);
  if (twin_ != nullptr) twin_->put(line);
}

void Log::put(std::string_view line, const Facts& facts) {
  put_line(line);
  if (twin_ != nullptr) twin_->put(facts);
}

void Log::put_line(std::string_view line) {
  if (lines_.size() + line.size() > most_kept_bytes) flush();
  lines_.append(line);
}

void Log::flush() {
  if (twin_ != nullptr) {
    twin_->flush();
    if (twin_->take_loss()) put_line(warning_twin_lost());
  }
  if (lines_.empty()) return;
  static_cast<void>(Writer(fd_).put(lines_).flush());
  lines_.clear();
}

}  // namespace qmail::log
