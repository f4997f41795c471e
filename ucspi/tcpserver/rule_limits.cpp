#include "ucspi/tcpserver/rule_limits.h"

#include <cstdint>
#include <cstdlib>

#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

/// A hundred times the load of the last minute; 0 if the system does not tell.
std::uint64_t load() {
  double minute = 0;
  return ::getloadavg(&minute, 1) == 1 ? static_cast<std::uint64_t>(minute * 100) : 0;
}

/// The limit `name` if there is one and it is below `value`.
std::optional<Limit> exceeded(const Environment& environment, const char* name, std::uint64_t value) {
  const auto text = environment.find(name);
  if (!text || parse_number<std::uint64_t>(*text).value_or(0) >= value) return std::nullopt;
  return Limit{name, std::string(*text)};
}

}  // namespace

std::optional<Limit> exceeded_limit(const Environment& environment, const Ip& client,
                                    const ConnectionCounts& counts) {
  if (auto limit = exceeded(environment, "MAXCONNIP", counts.of_address(client))) return limit;
  if (auto limit = exceeded(environment, "MAXCONNC", counts.of_network(client))) return limit;
  // 0 is no limit here, as the patch has it.
  if (!environment.find("MAXLOAD") || environment.get("MAXLOAD") == "0") return std::nullopt;
  const std::uint64_t now = load();
  return exceeded(environment, "MAXLOAD", now) ? std::optional(Limit{"LOAD", std::to_string(now)})
                                               : std::nullopt;
}

}  // namespace qmail::ucspi
