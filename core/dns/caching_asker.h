// Answers of the DNS kept for as long as they may be, for programs that live long.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>

#include "core/base/clock.h"
#include "core/dns/asker.h"

namespace qmail::dns {

/// Asks another asker only what it does not know. A no is kept too, a failure never. Names that differ in the
/// case of letters are kept apart. Bounded: at most `most_kept` answers, none with more than `largest_kept`
/// bytes of records; when there are too many, the one whose time is over first goes.
class CachingAsker final : public Asker {
 public:
  static constexpr std::size_t most_kept = 1000;
  static constexpr std::size_t largest_kept = 4096;
  static constexpr std::uint32_t longest_ttl = 86400;

  /// Both must outlive this object.
  CachingAsker(Asker& next, const Clock& clock) : next_(next), clock_(clock) {}

  void ask(std::span<const Question> questions, const TakeLookup& take) override;
  std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    Lookup lookup;
    std::int64_t from;
    std::int64_t until;
    /// A clock that was set back does not lengthen a life.
    bool is_good_at(std::int64_t now) const { return now >= from && now < until; }
  };
  const Lookup* find(const Question& question);
  void keep(const Question& question, const Lookup& lookup);
  void make_room();

  Asker& next_;
  const Clock& clock_;
  std::map<Question, Kept> kept_;
};

}  // namespace qmail::dns
