#include "core/programs/qmail-send/settings.h"

#include <algorithm>
#include <limits>

#include "core/base/failure.h"
#include "core/queue/delivery_protocol.h"

namespace qmail::send {
namespace {

constexpr std::size_t default_local = 10;
constexpr std::size_t default_remote = 20;
constexpr std::size_t default_together = 100;
constexpr std::uint64_t default_lifetime_seconds = 604800;

std::string host(const Control& control, const std::string& name) {
  return control.line_or_me(name).value_or(name);
}

/// True if it could be read.
template <typename Read>
bool try_to(Read read) {
  // The daemon goes on with what it has: what run_program would make of this is the end of all deliveries.
  try {
    read();
  } catch (const Failure&) {
    return false;
  }
  return true;
}

}  // namespace

Settings read_settings(const Control& control) {
  constexpr std::uint64_t longest = std::numeric_limits<std::int32_t>::max();
  return {
      .concurrency = {control.number("concurrencylocal", default_local),
                      control.number("concurrencyremote", default_remote)},
      .domain_limits = {NoCaseMap::of_pairs(
          control.lines("concurrencydomain").value_or(std::vector<std::string>{}))},
      .recipients_together = std::clamp<std::uint64_t>(control.number("rcptspermessage", default_together), 1,
                                                       queue::most_recipients),
      .lifetime_seconds = static_cast<std::int64_t>(
          std::min(longest, control.number("queuelifetime", default_lifetime_seconds))),
      .bouncefrom = control.line("bouncefrom").value_or("MAILER-DAEMON"),
      .bouncehost = host(control, "bouncehost"),
      .double_bounce_to =
          control.line("doublebounceto").value_or("postmaster") + "@" + host(control, "doublebouncehost"),
      .routing = queue::read_routing(control),
  };
}

std::optional<std::string> reread(const Control& control, Routing& routing) {
  NoCaseMap locals, virtualdomains;
  if (!try_to([&] { locals = queue::read_locals(control); })) return "control/locals";
  if (!try_to([&] { virtualdomains = queue::read_virtualdomains(control); })) return "control/virtualdomains";
  routing.locals = std::move(locals);
  routing.virtualdomains = std::move(virtualdomains);
  return std::nullopt;
}

}  // namespace qmail::send
