// What came of the deliveries: written to the log, kept in the store, told to the message's job.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/programs/qmail-send/jobs.h"

namespace qmail::send {

/// One recipient's.
struct Delivery {
  JobPtr job;
  std::uint64_t number = 0;    ///< in the log
  std::uint64_t position = 0;  ///< in the list of recipients
  std::string recipient = {};
};

class Outcomes {
 public:
  Outcomes(Desk& desk, Jobs& jobs) : desk_(desk), jobs_(jobs) {}

  /// `report` as the spawner gave it: a letter and a text.
  void take(Delivery delivery, std::string_view report);
  /// Once a round, after the last take().
  void settle();

 private:
  void note_failure(Delivery delivery, std::string_view report);
  void mark_done(const Delivery& delivery);

  Desk& desk_;
  Jobs& jobs_;
  std::vector<Delivery> failed_;  ///< whose notes are written but not yet synced
};

}  // namespace qmail::send
