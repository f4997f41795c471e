// Reading the lists of messages that are due, one message at a time on each channel, and starting their
// deliveries.
#pragma once
#include <array>
#include <memory>

#include "core/programs/qmail-send/deliveries.h"

namespace qmail::send {

class Passes {
 public:
  Passes(Desk& desk, Jobs& jobs, Deliveries& deliveries)
      : desk_(desk), jobs_(jobs), deliveries_(deliveries) {}

  void prepare(PollSet& set) const;
  void act();

 private:
  struct Pass {
    JobPtr job;  ///< null: a new message is needed
    std::unique_ptr<queue::RecipientList> list;
  };

  bool begin(Pass& pass, queue::Channel channel);
  bool step(Pass& pass);
  void end(Pass& pass);

  Desk& desk_;
  Jobs& jobs_;
  Deliveries& deliveries_;
  std::array<Pass, 2> passes_;
};

}  // namespace qmail::send
