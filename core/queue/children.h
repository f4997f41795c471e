// Deliveries that are made by a process each, or by somebody else who writes to a pipe what came of them.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <variant>
#include <vector>

#include "core/base/fd.h"
#include "core/base/poll_set.h"
#include "core/queue/delivery_protocol.h"

namespace qmail::queue {

/// What was written to a pipe, its beginning at least, until nobody holds it any more.
class Output {
 public:
  Output(Fd read, std::size_t limit) : read_(std::move(read)), limit_(limit) {}
  bool has_ended() const { return !read_; }
  const std::string& text() const { return text_; }
  void prepare(PollSet& set) { polled_ = set.add(read_.get()); }
  /// Reads some of it if there is something.
  void act(const PollSet& set);

 private:
  Fd read_;
  std::size_t limit_;
  std::string text_;
  std::size_t polled_ = not_polled;
};

/// A delivery that is over.
struct Ended {
  Slot slot;
  int status;  ///< as waitpid(2) gives it
  std::string output;
};

/// One child a delivery. A delivery is over when its child has ended and nobody else, such as a process the
/// child left behind, holds its output.
class Children {
 public:
  /// Of each child's output so much is kept.
  explicit Children(std::size_t longest_output) : longest_output_(longest_output) {}

  /// Starts a child, whose descriptors 1 and 2 are to be `output`; or says why there is none.
  using Start = std::function<std::variant<pid_t, std::string>(int output)>;
  std::optional<std::string> add(Slot slot, const Start& start);
  bool is_empty() const { return running_.empty(); }

  void prepare(PollSet& set);
  /// Which deliveries are over. Takes every child that has ended, also those of others.
  std::vector<Ended> act(const PollSet& set);

 private:
  struct Child {
    pid_t pid;
    Output output;
    std::optional<int> status = std::nullopt;  ///< once it has ended
  };
  void reap();

  std::size_t longest_output_;
  std::map<Slot, Child> running_;
};

}  // namespace qmail::queue
