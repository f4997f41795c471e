// The recipients that wait for a delivery on one channel, in a line for each domain: a domain that can take
// no more at the moment delays no other. In memory a recipient in a line takes 9 bytes and its address, twice
// that at most; recipients of one message that stand behind each other take 128 more together, the message
// itself 240.
#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/programs/qmail-send/domain_cap.h"
#include "core/programs/qmail-send/jobs.h"

namespace qmail::send {

/// Recipients of one message in one domain, who share a transaction.
class Group {
 public:
  explicit Group(JobPtr job) : job_(std::move(job)) {}

  const JobPtr& job() const { return job_; }
  std::size_t count() const { return count_; }
  std::size_t bytes() const { return sizeof *this + packed_.capacity(); }
  /// `position` in the list of recipients.
  void put(std::uint64_t position, std::string_view address);
  /// Calls visit(position, address) for each, in order.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t at = 0; at < packed_.size();) {
      const std::uint64_t position = position_at(at);
      const std::string_view address = packed_.c_str() + at + sizeof position;
      visit(position, address);
      at += sizeof position + address.size() + 1;
    }
  }

 private:
  std::uint64_t position_at(std::size_t at) const;

  JobPtr job_;
  std::size_t count_ = 0;
  std::string packed_;  ///< of each: the position's bytes, the address, a NUL
};

class Lines {
  struct Domain;

 public:
  /// A delivery's place in its domain, to be given back.
  class Place {
   public:
    Place() = default;

   private:
    friend class Lines;
    Place(Domain& domain, std::uint64_t serial) : domain_(&domain), serial_(serial) {}
    Domain* domain_ = nullptr;
    std::uint64_t serial_ = 0;
  };
  struct Start {
    Group group;
    Place place;
  };

  /// With `limits`: a line for each domain, and at most `most_running` deliveries to one that has no limit of
  /// its own. Without: one line for all.
  Lines(const DomainLimits* limits, std::size_t most_running, std::size_t most_bytes = 64 << 20)
      : limits_(limits), most_running_(most_running), most_bytes_(most_bytes) {}

  /// Puts the recipient at the end of the line, into the group of its message if that has not `most_in_group`
  /// yet. False if the lines take as much memory as they may.
  bool add(const JobPtr& job, std::uint64_t position, std::string_view recipient, std::size_t most_in_group);
  /// Somebody waits whose domain can take one more.
  bool has_ready() const { return !ready_.empty(); }
  /// What is to become of the first such group. Only if has_ready().
  Fate first_fate() const { return ready_.front()->waiting.front().job()->fate; }
  /// The first such group; the domains have their turns. Only if has_ready().
  Start take();
  void leave(const Place& place, Reception reception);

  std::size_t bytes() const { return bytes_; }
  std::size_t domains() const { return domains_.size(); }

 private:
  struct Domain {
    explicit Domain(std::size_t most) : cap(most) {}
    std::string_view name;  ///< the key of this one
    std::list<Group> waiting;
    std::size_t running = 0;
    DomainCap cap;
    std::optional<std::list<Domain*>::iterator> turn;  ///< among those that are ready
  };

  Domain& domain_of(std::string_view recipient);
  /// After each change: the domain has a turn if it can use one, and is forgotten if nothing is to be
  /// remembered.
  void update(Domain& domain);

  const DomainLimits* limits_;
  std::size_t most_running_, most_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t last_serial_ = 0;
  std::unordered_map<std::string, Domain> domains_;
  std::list<Domain*> ready_;
};

}  // namespace qmail::send
