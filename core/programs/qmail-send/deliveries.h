// The deliveries under way: which recipients of which message each spawner has in which slot.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/programs/qmail-send/lines.h"
#include "core/programs/qmail-send/outcomes.h"
#include "core/programs/qmail-send/spawner_link.h"

namespace qmail::send {

class Deliveries {
 public:
  /// Writes the first status line. `lines`, by channel, get the places back.
  Deliveries(Desk& desk, Outcomes& outcomes, std::array<Lines, 2>& lines, std::array<SpawnerLink, 2> links);

  bool can_start(queue::Channel channel) const;
  /// Only if can_start().
  void start(queue::Channel channel, Lines::Start start);
  /// The places in its list of the job's recipients who are being delivered to.
  std::vector<std::uint64_t> running(const Job& job) const;
  /// Nothing is under way, or whoever could report of it is gone.
  bool can_exit() const;

  void prepare(PollSet& set);
  void act(const PollSet& set);

 private:
  /// Recipients who share a slot; none: the slot is free.
  struct Transaction {
    std::vector<Delivery> deliveries = {};
    Lines::Place place = {};
  };
  struct Side {
    SpawnerLink link;
    log::Load& load;
    Lines& lines;
    std::vector<Transaction> slots = {};
    std::vector<queue::Slot> free = {};
    std::vector<queue::DeliveryReport> unsent = {};  ///< on what the spawner was not asked to do
  };

  Side& side(queue::Channel channel) { return sides_[at(channel)]; }
  const Side& side(queue::Channel channel) const { return sides_[at(channel)]; }
  static queue::Slot free_slot(Side& side);
  void handle(Side& side, const queue::DeliveryReport& report);

  Desk& desk_;
  Outcomes& outcomes_;
  std::array<Side, 2> sides_;
  std::uint64_t last_number_ = 0;
};

}  // namespace qmail::send
