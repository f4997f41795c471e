// The names that the DNS has for addresses, kept as long as it says they may be.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/base/clock.h"
#include "core/base/recent_map.h"
#include "core/format/ip.h"
#include "ucspi/tcpserver/look_up.h"

namespace qmail::ucspi {

class NameCache {
 public:
  /// Twice so many at most, each of 1,100 bytes at most.
  static constexpr std::size_t most_names = 4096;
  static constexpr std::uint32_t longest_seconds = 86400;

  /// `clock` must outlive this object, and never go back.
  explicit NameCache(const Clock& clock) : clock_(clock), names_(most_names) {}

  /// None: somebody has to ask. Empty: there is no name.
  std::optional<std::string> find(const Ip& ip, Item item);
  /// What is found of the two names of a connection. Nothing with a ttl of 0 is kept.
  void put(const Ip& ip, const Finding& finding);
  void clear() { names_.clear(); }

 private:
  struct Entry {
    std::string name;
    std::int64_t end;  ///< in seconds
  };
  const Clock& clock_;
  RecentMap<std::pair<Ip, Item>, Entry> names_;
};

}  // namespace qmail::ucspi
