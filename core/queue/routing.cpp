#include "core/queue/routing.h"

#include <optional>

#include "core/base/failure.h"
#include "core/format/address.h"

namespace qmail::queue {
namespace {

/// While the host is one of `hosts`, a%b@host becomes a@b.
void undo_percents(std::string& address, const NoCaseMap& hosts) {
  std::size_t at = address.rfind('@');
  while (hosts.contains(std::string_view(address).substr(at + 1))) {
    const std::size_t percent = std::string_view(address).substr(0, at).rfind('%');
    if (percent == std::string_view::npos) return;
    address.resize(at);
    at = percent;
    address[at] = '@';
  }
}

/// Where, in an address, keys of virtualdomains may start: the whole, the host, each dot of the host, the
/// end.
std::optional<std::string_view> find_prefix(const NoCaseMap& virtualdomains, std::string_view address) {
  if (const auto found = virtualdomains.find(address)) return found;
  return find_by_suffix(divide(address).host, [&](std::string_view key) { return virtualdomains.find(key); });
}

}  // namespace

Route Routing::route(std::string_view recipient) const {
  std::string address(recipient);
  if (!divide(address).has_host) address.append("@").append(envnoathost);
  undo_percents(address, percenthack);
  if (locals.contains(divide(address).host)) return {Channel::local, address};
  // An empty prefix is an exception: what would match a shorter key is remote nevertheless.
  const auto prefix = find_prefix(virtualdomains, address);
  if (!prefix || prefix->empty()) return {Channel::remote, address};
  return {Channel::local, std::string(*prefix) + "-" + address};
}

std::string_view Routing::without_prefix(std::string_view recipient) const {
  const AddressParts parts = divide(recipient);
  if (!parts.has_host) return recipient;
  const auto prefix =
      find_by_suffix(parts.host, [&](std::string_view key) { return virtualdomains.find(key); });
  if (!prefix || prefix->empty() || !recipient.starts_with(*prefix)) return recipient;
  const std::string_view rest = recipient.substr(prefix->size());
  return rest.starts_with('-') ? rest.substr(1) : recipient;
}

NoCaseMap read_locals(const Control& control) {
  const auto lines = control.lines_or_me("locals");
  if (!lines) throw Failure(Exit::temporary, "unable to read locals: neither it nor me exists");
  return NoCaseMap::of_lines(*lines);
}

NoCaseMap read_virtualdomains(const Control& control) {
  return NoCaseMap::of_pairs(control.lines("virtualdomains").value_or(std::vector<std::string>{}));
}

Routing read_routing(const Control& control) {
  return {
      .locals = read_locals(control),
      .percenthack = NoCaseMap::of_lines(control.lines("percenthack").value_or(std::vector<std::string>{})),
      .virtualdomains = read_virtualdomains(control),
      .envnoathost = control.line_or_me("envnoathost").value_or("envnoathost")};
}

}  // namespace qmail::queue
