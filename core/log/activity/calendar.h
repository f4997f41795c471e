// Dates of logs that say neither year nor zone: as this machine's syslog daemon writes them.
#pragma once
#include "core/base/clock.h"
#include "core/format/log_line.h"

namespace qmail::activity {

/// Takes dates for local ones. Without a year, a date is the last such one, or within the day to come: clocks
/// of other machines may be ahead.
class SystemCalendar final : public Calendar {
 public:
  explicit SystemCalendar(const Clock& clock) : now_(clock.now()) {}
  std::int64_t seconds(const LocalDate& date) override;

 private:
  std::int64_t hour_start(const LocalDate& date) const;

  std::int64_t now_;
  LocalDate last_;  ///< asked for, and when its hour started
  std::int64_t last_start_ = 0;
};

}  // namespace qmail::activity
