// The deliveries under way: which recipient of which message each spawner has in which slot.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/programs/qmail-send/outcomes.h"
#include "core/programs/qmail-send/spawner_link.h"

namespace qmail::send {

class Deliveries {
 public:
  /// Writes the first status line.
  Deliveries(Desk& desk, Outcomes& outcomes, std::array<SpawnerLink, 2> links);

  bool can_start(queue::Channel channel) const;
  /// Only if can_start().
  void start(const JobPtr& job, std::uint64_t position, const std::string& recipient);
  /// Nothing is under way, or whoever could report of it is gone.
  bool can_exit() const;

  void prepare(PollSet& set) const;
  void act(const PollSet& set);

 private:
  struct Side {
    SpawnerLink link;
    log::Load& load;
    std::vector<Delivery> slots = {};  ///< free where there is no job
  };

  Side& side(queue::Channel channel) { return sides_[static_cast<std::size_t>(channel)]; }
  const Side& side(queue::Channel channel) const { return sides_[static_cast<std::size_t>(channel)]; }
  static queue::Slot free_slot(Side& side);
  void handle(Side& side, const queue::DeliveryReport& report);

  Desk& desk_;
  Outcomes& outcomes_;
  std::array<Side, 2> sides_;
  std::uint64_t last_number_ = 0;
};

}  // namespace qmail::send
