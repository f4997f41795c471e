// Ending messages that have no recipients left, and removing what abandoned qmail-queues left behind.
#pragma once
#include <optional>
#include <vector>

#include "core/programs/qmail-send/bounces.h"
#include "core/programs/qmail-send/cleaner.h"
#include "core/programs/qmail-send/poll_set.h"
#include "core/queue/number_scan.h"

namespace qmail::send {

/// Ends messages, several at a time: each waits for the disk twice, and so they wait together.
class Finisher {
 public:
  Finisher(Desk& desk, Cleaner& cleaner) : desk_(desk), cleaner_(cleaner) {}

  void prepare(PollSet& set) const;
  void act();

 private:
  std::vector<queue::Number> take_finished();
  bool is_finished(queue::Number number);
  void end(std::vector<queue::Number> numbers);
  bool made_durable(const std::optional<queue::Trouble>& trouble, const std::vector<queue::Number>& numbers);
  void try_later(queue::Number number) {
    desk_.done.insert({desk_.clock.now() + trouble_pause_seconds, number});
  }

  Desk& desk_;
  Cleaner& cleaner_;
};

/// Looks through mess, every 21 hours, for messages that never got as far as todo.
class Cleanup {
 public:
  Cleanup(Desk& desk, const queue::Layout& layout, Cleaner& cleaner)
      : desk_(desk), layout_(layout), cleaner_(cleaner), next_(desk.clock.now()) {}

  void prepare(PollSet& set) const;
  void act();

 private:
  bool is_abandoned(queue::Number number) const;

  Desk& desk_;
  const queue::Layout& layout_;
  Cleaner& cleaner_;
  std::int64_t next_;
  std::optional<queue::NumberScan> scan_;
};

}  // namespace qmail::send
