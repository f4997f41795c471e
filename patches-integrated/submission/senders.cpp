#include "patches-integrated/submission/senders.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/format/address.h"

namespace qmail::features {
namespace {

/// "joe" is joe's, and so is "joe-list".
bool is_local_part_of(std::string_view owner, std::string_view local) {
  if (owner.empty() || local.size() < owner.size()) return false;
  return equal_nocase(local.substr(0, owner.size()), owner) &&
         (local.size() == owner.size() || local[owner.size()] == '-');
}

}  // namespace

std::vector<Allowance> read_allowances(const Control& control) {
  std::vector<Allowance> allowances;
  const auto lines = control.numbered_lines("submissionsenders");
  for (const ControlLine& line : lines.value_or(std::vector<ControlLine>())) {
    const std::size_t colon = line.text.find(':');
    if (colon == std::string::npos || colon == 0 || line.text.find('@', colon) == std::string::npos)
      control.complain({"submissionsenders", line.number,
                        "no account, colon and sender: write account:user@host or account:@host"});
    else
      allowances.push_back({line.text.substr(0, colon), line.text.substr(colon + 1)});
  }
  return allowances;
}

Senders Senders::read(const Control& control, std::span<const Allowance> allowances) {
  Senders senders;
  senders.allowances_ = allowances;
  senders.defaults_ = DefaultHosts::from(control);
  auto hosts = control.lines_or_me("locals").value_or(std::vector<std::string>());
  if (auto me = control.line("me")) hosts.push_back(std::move(*me));
  const std::string completed = senders.defaults_.complete("@" + senders.defaults_.host);
  hosts.push_back(completed.substr(1));
  senders.own_hosts_ = NoCaseMap::of_lines(hosts);
  senders.virtual_domains_ =
      NoCaseMap::of_pairs(control.lines("virtualdomains").value_or(std::vector<std::string>()));
  return senders;
}

bool Senders::belong(std::string_view account, std::string_view sender) const {
  std::string address(sender);
  if (address.find('@') == std::string::npos) address += "@" + defaults_.host;
  address = defaults_.complete(std::move(address));
  return is_own(account, address) || is_virtual(account, address) || is_allowed(account, address);
}

bool Senders::is_own(std::string_view account, std::string_view sender) const {
  const AddressParts whom = divide(account);
  const AddressParts from = divide(sender);
  if (!is_local_part_of(whom.local, from.local)) return false;
  return whom.has_host ? equal_nocase(whom.host, from.host) : own_hosts_.contains(from.host);
}

/// control/virtualdomains as qmail-send reads it: the whole address, or else the domain that fits best.
bool Senders::is_virtual(std::string_view account, std::string_view sender) const {
  const AddressParts from = divide(sender);
  auto owner = virtual_domains_.find(sender);
  if (!owner)
    owner = find_by_suffix(from.host, [&](std::string_view domain) { return virtual_domains_.find(domain); });
  return owner && is_local_part_of(account, *owner);
}

bool Senders::is_allowed(std::string_view account, std::string_view sender) const {
  const std::string_view at_host = sender.substr(sender.rfind('@'));
  return std::any_of(allowances_.begin(), allowances_.end(), [&](const Allowance& allowance) {
    return equal_nocase(allowance.account, account) &&
           (allowance.sender == "@" || equal_nocase(allowance.sender, sender) ||
            equal_nocase(allowance.sender, at_host));
  });
}

}  // namespace qmail::features
