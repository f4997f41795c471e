// qmail-rspawn's resident qmail-remote: workers that make one delivery after another, each with the
// connection that its last one left open. docs/internals/residents.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/base/file_stamp.h"
#include "core/base/poll_set.h"
#include "core/base/poller.h"
#include "core/base/resident.h"
#include "core/queue/spawner.h"

namespace qmail {

class RemoteWorkers {
 public:
  /// `program` is the path of qmail-remote. Throws Failure.
  RemoteWorkers(std::string program, const Environment& environment, const Clock& clock);

  /// Gives a delivery to a worker. False: none can take it.
  bool take(const queue::Delivery& delivery);
  /// No worker is at work.
  bool is_idle() const { return idle_.size() == hands_.size(); }
  /// As of queue::Trade.
  void prepare(PollSet& set);
  std::vector<queue::DeliveryReport> act(const PollSet& set);

 private:
  struct Hand;
  using Idle = std::list<Hand*>;
  using ByDomain = std::multimap<std::string, Hand*>;

  /// One worker and what it does.
  struct Hand {
    resident::Worker worker;
    unsigned generation;         ///< of the zygote it comes from
    std::size_t recipients = 0;  ///< of its job; 0: it is idle
    queue::Slot slot = 0;
    std::string domain = "";  ///< of its last job
    Idle::iterator place = {};
    ByDomain::iterator domain_place = {};
  };

  /// Starts or replaces the zygote where that is called for.
  void look_after_zygote();
  void start_zygote();
  void end_zygote();
  void hear_zygote();
  /// A worker that is not idle any more: one that was at `domain` last, or else the one that worked last, or
  /// else a new one. Null if none can be had.
  Hand* find_hand(const std::string& domain);
  Hand* hire();
  void hear_hand(Hand& hand);
  void make_idle(Hand& hand);
  void take_from_idle(Hand& hand);
  void dismiss(Hand& hand);

  const std::string program_;
  const Environment& environment_;
  const Clock& clock_;
  const Fd nowhere_;  ///< what a worker writes to its standard output and error
  Poller poller_;
  std::size_t position_ = 0;  ///< of poller_ in the loop's set
  std::optional<resident::Zygote> zygote_;
  unsigned generation_ = 0;                ///< counts zygotes
  std::optional<FileStamp> last_program_;  ///< that a zygote was to be made of
  std::int64_t next_start_ = 0;            ///< when to try again although that has not changed
  std::map<int, Hand> hands_;              ///< by the descriptors of their workers
  Idle idle_;                              ///< who worked last is in front
  ByDomain at_domain_;                     ///< the idle ones
  std::vector<queue::DeliveryReport> reports_;
};

}  // namespace qmail
