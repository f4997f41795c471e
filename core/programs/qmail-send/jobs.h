// The messages being delivered now: one job for each channel of each message whose list is being read or
// that has deliveries under way.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "core/programs/qmail-send/desk.h"
#include "core/queue/log_message.h"

namespace qmail::send {

/// What the administrator wants of the recipients who are not being delivered to yet, or again.
enum class Fate {
  tried,    ///< nothing: all goes its way
  held,     ///< not to be tried for now
  removed,  ///< are done
  bounced,  ///< are done: their failures are noted
};

struct Job {
  queue::Number number;
  queue::Channel channel;
  std::string sender;
  log::MessageId id = {};               ///< for the twin of the log
  std::int64_t retry;                   ///< when to try again what is left
  bool too_old;                         ///< what fails now, fails for good
  bool reached_end = false;             ///< of the list of recipients
  std::size_t left = 0;                 ///< recipients seen and not done
  queue::LogMessagePtr mail = nullptr;  ///< if it was in the queue log when the job began
  Fate fate = Fate::tried;
  std::shared_ptr<const std::string> report = nullptr;  ///< bounced: why those fail who run still
};
/// Held by the pass that reads the list, by each of the deliveries, and by the groups that wait for theirs.
using JobPtr = std::shared_ptr<Job>;

class Jobs {
 public:
  explicit Jobs(Desk& desk) : desk_(desk) {}

  JobPtr start(Job job);
  /// Null if there is none.
  JobPtr find(queue::Number number, queue::Channel channel) const;

  /// One holder less. After the last one the job is gone: what is left of the message on this channel is due
  /// again; or nothing is, and its list is removed.
  void release(JobPtr&& job);

 private:
  void settle(const Job& job);
  void put_off(const Job& job, std::int64_t when);
  bool other_list_exists(const Job& job);

  auto& running_on(queue::Channel channel) { return running_[at(channel)]; }

  Desk& desk_;
  std::array<std::unordered_map<queue::Number, std::weak_ptr<Job>>, 2> running_;  ///< by channel
};

}  // namespace qmail::send
