#include "ucspi/lib/limits.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/format/network.h"

namespace qmail::ucspi {
namespace {

constexpr std::int64_t second = 1'000'000;

void subtract_one(std::map<Ip, std::size_t>& counts, const Ip& key) {
  const auto found = counts.find(key);
  if (found != counts.end() && --found->second == 0) counts.erase(found);
}

std::size_t count_of(const std::map<Ip, std::size_t>& counts, const Ip& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

Ip counted_network(const Ip& ip) { return Network::around(ip, ip.is_v4() ? 24 : 48).first; }

void ConnectionCounts::add(const Ip& client) {
  ++addresses_[counted_address(client)];
  ++networks_[counted_network(client)];
}

void ConnectionCounts::remove(const Ip& client) {
  subtract_one(addresses_, counted_address(client));
  subtract_one(networks_, counted_network(client));
}

std::size_t ConnectionCounts::of_address(const Ip& client) const {
  return count_of(addresses_, counted_address(client));
}

std::size_t ConnectionCounts::of_network(const Ip& client) const {
  return count_of(networks_, counted_network(client));
}

std::optional<Rate> Rate::parse(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto connections = parse_number<unsigned>(text.substr(0, slash));
  const auto seconds = parse_number<unsigned>(text.substr(std::min(slash + 1, text.size())));
  if (connections.value_or(0) == 0 || seconds.value_or(0) == 0) return std::nullopt;
  return Rate{.connections = *connections, .seconds = *seconds};
}

std::string Rate::text() const { return std::to_string(connections) + "/" + std::to_string(seconds); }

bool RateLimiter::take(const Ip& client) {
  const Ip key = counted_address(client);
  const Moment moment = clock_.moment();
  const std::int64_t now = moment.seconds * second + moment.microseconds;
  const std::int64_t whole = rate_.seconds * second;
  const std::int64_t step = whole / rate_.connections;
  const std::int64_t* const known = next_.find(key);
  const std::int64_t next = std::max(known != nullptr ? *known : now, now);
  if (next - now > whole - step) return false;
  next_.put(key, next + step);
  return true;
}

}  // namespace qmail::ucspi
