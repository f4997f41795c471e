// Copying between two peers, both ways at once: neither way waits for the other.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace qmail::ucspi {

/// One way: what comes from `from` goes to `to`.
struct Way {
  int from;
  int to;
  /// What to write for a piece that was read.
  std::function<std::string(std::string_view)> change;
  /// Called once, when nothing more comes. Not if it is `to` that takes no more.
  std::function<void()> at_end = [] {};
};

/// Copies until nothing more comes from `back.from` and all of it is written, or `back.to` takes no more.
/// `there` may end earlier, for either reason. Reads no more than `piece` bytes at once, and none before the
/// last were written. SIGPIPE must be ignored.
void relay(const Way& there, const Way& back, std::size_t piece);

}  // namespace qmail::ucspi
