// The states a message in the queue can be in, as data: which of its files exist in each. Everything that
// changes the queue goes from one of these to another; the crash tests hold every program to it.
// docs/internals/queue.md tells who makes which step.
#pragma once
#include <bitset>
#include <optional>

#include "core/queue/layout.h"

namespace qmail::queue {

enum class State {
  none = 1,          ///< S1: no such message
  written = 2,       ///< S2: being written by qmail-queue, or being removed
  enveloped = 3,     ///< S3: its envelope is being written too
  queued = 4,        ///< S4: accepted; qmail-send has not yet preprocessed it, or not to the end
  preprocessed = 5,  ///< S5: qmail-send delivers it
};

/// A message in S2 or S3 with a mess file older than this, and a file in pid, is abandoned: whoever was
/// writing it has ended, for qmail-queue lives a day at most.
inline constexpr std::int64_t abandoned_after_seconds = 129600;

/// Which of a message's files exist: bit N is for Part N.
class Files {
 public:
  Files() = default;
  Files(std::initializer_list<Part> present) {
    for (const Part part : present) set(part);
  }
  bool has(Part part) const { return bits_[static_cast<std::size_t>(part)]; }
  void set(Part part, bool present = true) { bits_[static_cast<std::size_t>(part)] = present; }
  bool operator==(const Files&) const = default;

 private:
  std::bitset<every_part.size()> bits_;
};

/// None: the combination is illegal; no program leaves it, whenever it is stopped.
std::optional<State> classify(const Files& files);

/// Which files message `number` has now. Throws Failure if one cannot be asked about.
Files files_of(const Layout& queue, Number number);

}  // namespace qmail::queue
