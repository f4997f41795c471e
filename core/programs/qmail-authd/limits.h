// How many tries there may be at a time, and how long one that failed waits for its answer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/clock.h"
#include "core/base/recent_map.h"
#include "core/format/ip.h"

namespace qmail::authd {

struct Limits {
  std::size_t askers = 500;      ///< connections; who comes then is taken in when another one leaves
  std::size_t checks = 20;       ///< checkers that run; the next ones wait
  std::size_t per_address = 10;  ///< of one address, until each has its answer
  std::size_t per_account = 10;  ///< for one login, until the checker has ended
};

/// How many of each there are at this moment: never more than so many.
template <typename Key>
class Crowd {
  using Counts = std::map<Key, std::size_t>;

 public:
  /// Being one of them. The crowd must outlive it.
  class Place {
   public:
    Place(Counts& counts, typename Counts::iterator at) : counts_(&counts), at_(at) { ++at->second; }
    Place(Place&& other) noexcept : counts_(std::exchange(other.counts_, nullptr)), at_(other.at_) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(counts_, other.counts_);
      std::swap(at_, other.at_);
      return *this;
    }
    ~Place() {
      if (counts_ != nullptr && --at_->second == 0) counts_->erase(at_);
    }

   private:
    Counts* counts_;
    typename Counts::iterator at_;
  };

  explicit Crowd(std::size_t most) : most_(most) {}
  /// None if there are as many as there may be.
  std::optional<Place> enter(const Key& key) {
    const auto at = counts_.try_emplace(key, 0).first;
    if (at->second >= most_) return std::nullopt;
    return Place(counts_, at);
  }

 private:
  std::size_t most_;  ///< at least one
  Counts counts_;
};

/// Of a login, what is remembered: enough to tell one from another.
std::string account_of(std::string_view login);

/// Who has failed lately, and how often. It remembers those who failed last, so that strangers cannot make it
/// grow. A login that succeeds changes nothing: it may be that of whoever guesses others'.
class Failures {
 public:
  static constexpr std::size_t most_remembered = 10000;
  static constexpr std::int64_t remembered_seconds = 600;
  static constexpr unsigned longest_delay = 16;

  /// `clock` must outlive this object.
  explicit Failures(const Clock& clock)
      : clock_(clock), addresses_(most_remembered), accounts_(most_remembered) {}

  struct Penalty {
    unsigned failures;  ///< of the address or of the account, whichever has more
    unsigned seconds;   ///< until it is told
  };
  Penalty add(const Ip& address, const std::string& account);

 private:
  struct Record {
    unsigned failures;
    std::int64_t last;
  };
  template <typename Key>
  unsigned count(RecentMap<Key, Record>& records, const Key& key) const;

  const Clock& clock_;
  RecentMap<Ip, Record> addresses_;
  RecentMap<std::string, Record> accounts_;
};

}  // namespace qmail::authd
