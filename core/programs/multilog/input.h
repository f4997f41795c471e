// What multilog reads, and when it heeds its signals: between two blocks of input.
#pragma once
#include <array>
#include <cstddef>
#include <functional>
#include <optional>

namespace qmail::multilog {

class Input {
 public:
  struct Listener {
    std::function<void()> wait;   ///< it is about to wait: what was read until now should be written
    std::function<void()> alarm;  ///< ALRM came
  };

  /// TERM and ALRM are caught and blocked from now on: let in here only.
  Input(int fd, Listener listener);

  /// The next byte; none at the end: of the input, after a failure, or of a line once TERM has come.
  std::optional<char> get() {
    if (begin_ == end_ && !fill()) return std::nullopt;
    return block_[begin_++];
  }
  /// The errno of reading that failed; 0 if none did.
  int error() const { return error_; }

 private:
  bool fill();
  void heed_signals();
  bool wait() const;

  int fd_;
  Listener listener_;
  std::array<char, 1024> block_{};  // as large as in stock: files are divided at the same places
  std::size_t begin_ = 0, end_ = 0;
  bool is_leaving_ = false;
  bool is_at_line_start_ = true;
  int error_ = 0;
};

}  // namespace qmail::multilog
