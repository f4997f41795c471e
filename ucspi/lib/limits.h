// What a server allows one address or one network: connections at a time, and connections in a while.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/recent_map.h"
#include "core/format/ip.h"

namespace qmail::ucspi {

/// The /24 of an IPv4 address, the /48 of an IPv6 address.
Ip counted_network(const Ip& ip);

/// One that is exceeded, as the log tells it.
struct Limit {
  std::string name;
  std::string value;
};

/// How many connections there are at this moment. As large as they are many.
class ConnectionCounts {
 public:
  void add(const Ip& client);
  /// One that was added.
  void remove(const Ip& client);
  std::size_t of_address(const Ip& client) const;
  std::size_t of_network(const Ip& client) const;

 private:
  std::map<Ip, std::size_t> addresses_;
  std::map<Ip, std::size_t> networks_;
};

/// So many connections in so many seconds.
struct Rate {
  unsigned connections;
  unsigned seconds;
  /// The whole of `text`, "30/60"; neither may be 0.
  static std::optional<Rate> parse(std::string_view text);
  std::string text() const;
};

/// Holds each address to a rate. An address may use up at once what it has not used in the last seconds. What
/// it knows of addresses is bounded: the ones seen last are remembered.
class RateLimiter {
 public:
  static constexpr std::size_t most_addresses = 16384;

  /// `clock` must outlive this object, and never go back.
  RateLimiter(const Rate& rate, const Clock& clock) : rate_(rate), clock_(clock), next_(most_addresses) {}
  const Rate& rate() const { return rate_; }
  /// True, and counted, if one more connection of `client` keeps to the rate.
  bool take(const Ip& client);

 private:
  Rate rate_;
  const Clock& clock_;
  /// When an address that keeps exactly to the rate would come next, in microseconds: all that has to be
  /// known of it (the generic cell rate algorithm, ITU-T I.371).
  RecentMap<Ip, std::int64_t> next_;
};

}  // namespace qmail::ucspi
