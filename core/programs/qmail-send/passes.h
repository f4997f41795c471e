// Reading the lists of messages that are due, and starting their deliveries. A message with many recipients
// is read piece by piece, in turn with others.
#pragma once
#include <array>
#include <deque>
#include <memory>

#include "core/programs/qmail-send/deliveries.h"

namespace qmail::send {

class Passes {
 public:
  Passes(Desk& desk, Jobs& jobs, std::array<Lines, 2>& lines, Deliveries& deliveries)
      : desk_(desk), jobs_(jobs), lines_(lines), deliveries_(deliveries) {}

  void prepare(PollSet& set) const;
  void act();

 private:
  struct Pass {
    JobPtr job;
    std::unique_ptr<queue::RecipientList> list;
    std::size_t together;  ///< recipients that may share a transaction
    std::size_t window;    ///< recipients to read before the next delivery starts
  };
  struct Side {
    std::deque<Pass> passes = {};  ///< in turn; the first one is at work
    bool was_new = false;          ///< the last turn went to another message than those
  };

  bool step(queue::Channel channel);
  bool give_turn(queue::Channel channel);
  bool begin(queue::Channel channel);
  bool read(Pass& pass);
  void put_in_line(Pass& pass, const queue::ListItem& item);
  void set_aside(queue::Channel channel);
  void end(queue::Channel channel);
  Side& side(queue::Channel channel) { return sides_[at(channel)]; }
  Lines& lines_on(queue::Channel channel) { return lines_[at(channel)]; }

  Desk& desk_;
  Jobs& jobs_;
  std::array<Lines, 2>& lines_;
  Deliveries& deliveries_;
  std::array<Side, 2> sides_;
};

}  // namespace qmail::send
