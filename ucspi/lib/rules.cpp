#include "ucspi/lib/rules.h"

#include <algorithm>
#include <bitset>
#include <iterator>

#include "core/format/ip.h"

namespace qmail::ucspi {
namespace {

/// Where an ip begins: a part of its text, or a network.
struct Beginning {
  unsigned bits;
  std::string address;
  std::string key;
};

std::size_t count(std::string_view text, char c) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), c));
}

/// How many bits of an address its part up to `end` fixes.
unsigned bits_of(std::string_view ip, std::size_t end) {
  const std::string_view part = ip.substr(0, end), rest = ip.substr(end);
  if (part.back() == '.') return static_cast<unsigned>(8 * count(part, '.'));
  if (part.find("::") == std::string_view::npos) return static_cast<unsigned>(16 * count(part, ':'));
  const std::size_t open_groups = rest.empty() ? 0 : count(rest, ':') + 1;
  return open_groups < 8 ? static_cast<unsigned>(128 - 16 * open_groups) : 0;
}

/// The parts that end with the character that divides the address, longest first.
std::vector<Beginning> parts_of(std::string_view ip) {
  const char divider = ip.find(':') == std::string_view::npos ? '.' : ':';
  std::vector<Beginning> parts;
  for (std::size_t end = ip.size(); end > 0; --end)
    if (ip[end - 1] == divider)
      parts.push_back({bits_of(ip, end), std::string(ip.substr(0, end)), std::string(ip.substr(0, end))});
  return parts;
}

/// The networks around an address for which there may be rules, longest first.
std::vector<Beginning> networks_around(const CdbView& rules, const std::optional<Ip>& ip) {
  const auto lengths = ip ? rules.find(lengths_key(ip->is_v4())) : std::nullopt;
  if (!lengths) return {};
  std::bitset<129> used;
  for (const char length : lengths->substr(0, used.size()))
    if (static_cast<unsigned char>(length) <= address_bits(*ip)) used.set(static_cast<unsigned char>(length));
  std::vector<Beginning> networks;
  for (unsigned bits = used.size(); bits-- > 0;) {
    if (!used[bits]) continue;
    const Network network = Network::around(*ip, bits);
    networks.push_back({bits, network.text(), network_key(network)});
  }
  return networks;
}

/// Asks for one address after the other until a rule is found.
class Search {
 public:
  Search(const CdbView& rules, const LookWatcher& watch) : rules_(rules), watch_(watch) {}

  bool ask(const std::string& address) { return ask(address, address); }
  bool ask_beginnings(std::string_view text, const std::optional<Ip>& ip) {
    const auto is_longer = [](const Beginning& a, const Beginning& b) { return a.bits > b.bits; };
    std::vector<Beginning> all;
    std::ranges::merge(parts_of(text), networks_around(rules_, ip), std::back_inserter(all), is_longer);
    return std::any_of(all.begin(), all.end(),
                       [this](const Beginning& one) { return ask(one.address, one.key); });
  }
  bool ask_suffixes(std::string_view host) {
    for (std::size_t at = 0; at < host.size(); ++at)
      if (host[at] == '.' && ask("=" + std::string(host.substr(at)))) return true;
    return false;
  }
  std::optional<Rule> found() && { return std::move(found_); }

 private:
  bool ask(const std::string& address, const std::string& key) {
    const auto data = rules_.find(key);
    if (data) found_ = Rule{address, key, Instructions::parse(*data)};
    if (watch_) watch_(address, data.has_value());
    return data.has_value();
  }

  const CdbView& rules_;
  const LookWatcher& watch_;
  std::optional<Rule> found_;
};

}  // namespace

Instructions Instructions::parse(std::string_view data) {
  Instructions instructions;
  for (std::size_t end = data.find('\0'); end != std::string_view::npos; end = data.find('\0')) {
    const std::string_view one = data.substr(0, end);
    data.remove_prefix(end + 1);
    if (one.starts_with('D')) instructions.deny = true;
    const std::size_t equals = one.find('=');
    if (one.starts_with('+') && equals != std::string_view::npos)
      instructions.variables.emplace_back(one.substr(1, equals - 1), one.substr(equals + 1));
  }
  return instructions;
}

std::optional<Rule> find_rule(const CdbView& rules, const Peer& client, const LookWatcher& watch) {
  const auto address = Ip::parse(client.remote_ip);
  // Stock looks an ip up as it stands; one of IPv6 has many forms, and rules use one.
  const std::string ip = address ? address->text() : client.remote_ip;
  const bool has_info = !client.remote_info.empty();
  const bool has_host = !client.remote_host.empty();
  Search search(rules, watch);
  if ((has_info && search.ask(client.remote_info + "@" + ip)) ||
      (has_info && has_host && search.ask(client.remote_info + "@=" + client.remote_host)) ||
      search.ask(ip) ||                                         //
      (has_host && search.ask("=" + client.remote_host)) ||     //
      search.ask_beginnings(ip, address) ||                     //
      (has_host && search.ask_suffixes(client.remote_host)) ||  //
      (has_host && search.ask("=")))
    return std::move(search).found();
  search.ask("");
  return std::move(search).found();
}

std::string network_key(const Network& network) { return ":" + network.text(); }

std::string lengths_key(bool is_v4) { return is_v4 ? ":4" : ":6"; }

}  // namespace qmail::ucspi
