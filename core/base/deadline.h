// A time limit for several waits together.
#pragma once
#include <chrono>

#include "core/base/clock.h"

namespace qmail {

/// A moment after which nothing is waited for. Should somebody set the clock back meanwhile, no single wait
/// becomes longer than the whole was to be.
class Deadline {
 public:
  /// `clock` must outlive this object.
  Deadline(const Clock& clock, std::chrono::milliseconds whole)
      : clock_(clock), start_(clock.moment()), whole_(whole) {}
  Deadline(const Clock& clock, unsigned seconds) : Deadline(clock, std::chrono::seconds(seconds)) {}
  /// What is left, as poll(2) takes it; 0 when it has passed.
  int milliseconds_left() const;

 private:
  const Clock& clock_;
  Moment start_;
  std::chrono::milliseconds whole_;
};

/// Waits until `fd` is ready for `events`. False if it is not in time.
bool wait_until(int fd, short events, const Deadline& deadline);

}  // namespace qmail
