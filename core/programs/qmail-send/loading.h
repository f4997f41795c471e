// Finding the messages that an earlier qmail-send had preprocessed: little by little, so that new mail does
// not wait while a large queue is read.
#pragma once
#include "core/programs/qmail-send/desk.h"
#include "core/programs/qmail-send/poll_set.h"
#include "core/queue/number_scan.h"

namespace qmail::send {

class Loading {
 public:
  Loading(Desk& desk, const queue::Layout& layout) : desk_(desk), scan_(layout, queue::Part::info) {}

  void prepare(PollSet& set) const;
  void act();

 private:
  Desk& desk_;
  queue::NumberScan scan_;
};

}  // namespace qmail::send
