// The messages being delivered now: one job for each channel of each message whose list is being read or
// that has deliveries under way.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "core/programs/qmail-send/desk.h"
#include "core/queue/log_message.h"

namespace qmail::send {

struct Job {
  queue::Number number;
  queue::Channel channel;
  std::string sender;
  std::int64_t retry;                   ///< when to try again what is left
  bool too_old;                         ///< what fails now, fails for good
  bool reached_end = false;             ///< of the list of recipients
  std::size_t left = 0;                 ///< recipients seen and not done
  queue::LogMessagePtr mail = nullptr;  ///< if it was in the queue log when the job began
};
/// Held by the pass that reads the list, by each of the deliveries, and by the groups that wait for theirs.
using JobPtr = std::shared_ptr<Job>;

class Jobs {
 public:
  explicit Jobs(Desk& desk) : desk_(desk) {}

  /// One holder less. After the last one the job is gone: what is left of the message on this channel is due
  /// again; or nothing is, and its list is removed.
  void release(JobPtr&& job);

 private:
  void settle(const Job& job);
  void put_off(const Job& job, std::int64_t when);
  bool other_list_exists(const Job& job);

  Desk& desk_;
};

}  // namespace qmail::send
