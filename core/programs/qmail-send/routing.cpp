#include "core/programs/qmail-send/routing.h"

#include <optional>

#include "core/format/address.h"

namespace qmail::send {
namespace {

constexpr std::string_view per_recipient_mark = "-@[]";

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
  if (locals.contains(divide(address).host)) return {queue::Channel::local, address};
  // An empty prefix is an exception: what would match a shorter key is remote nevertheless.
  const auto prefix = find_prefix(virtualdomains, address);
  if (!prefix || prefix->empty()) return {queue::Channel::remote, address};
  return {queue::Channel::local, std::string(*prefix) + "-" + address};
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

std::string sender_for(std::string_view sender, std::string_view recipient) {
  const std::string_view list = bounce_address(sender);
  const AddressParts from = divide(list), to = divide(recipient);
  if (list.size() == sender.size() || !from.has_host || !to.has_host) return std::string(sender);
  std::string result(from.local);
  result.append(to.local).append("=").append(to.host).append("@").append(from.host);
  return result;
}

std::string_view bounce_address(std::string_view sender) {
  if (!sender.ends_with(per_recipient_mark)) return sender;
  return sender.substr(0, sender.size() - per_recipient_mark.size());
}

}  // namespace qmail::send
