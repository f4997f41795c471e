// The deliveries under way: which recipient of which message each spawner has in which slot.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/programs/qmail-send/jobs.h"
#include "core/programs/qmail-send/spawner_link.h"

namespace qmail::send {

class Deliveries {
 public:
  /// Writes the first status line.
  Deliveries(Desk& desk, Jobs& jobs, std::array<SpawnerLink, 2> links);

  bool can_start(queue::Channel channel) const;
  /// Only if can_start().
  void start(const JobPtr& job, std::uint64_t position, const std::string& recipient);
  /// Nothing is under way, or whoever could report of it is gone.
  bool can_exit() const;

  void prepare(PollSet& set) const;
  void act(const PollSet& set);

 private:
  struct Delivery {
    JobPtr job;  ///< null: the slot is free
    std::uint64_t number = 0;
    std::uint64_t position = 0;  ///< in the list of recipients
    std::string recipient = {};
  };
  struct Side {
    SpawnerLink link;
    std::size_t limit;
    std::vector<Delivery> slots = {};
    std::size_t used = 0;
  };

  Side& side(queue::Channel channel) { return sides_[static_cast<std::size_t>(channel)]; }
  const Side& side(queue::Channel channel) const { return sides_[static_cast<std::size_t>(channel)]; }
  static queue::Slot free_slot(Side& side);
  void log_status();
  void handle(Side& side, const queue::DeliveryReport& report);
  void handle(Delivery delivery, std::string_view report);
  void note_failure(Delivery delivery, std::string_view report);
  void settle_failures();
  void mark_done(const Delivery& delivery);

  Desk& desk_;
  Jobs& jobs_;
  std::array<Side, 2> sides_;
  std::uint64_t last_number_ = 0;
  std::vector<Delivery> failed_;  ///< whose notes are written but not yet synced
};

}  // namespace qmail::send
