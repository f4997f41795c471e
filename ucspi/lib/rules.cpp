#include "ucspi/lib/rules.h"

namespace qmail::ucspi {
namespace {

/// Asks for one address after the other until a rule is found.
class Search {
 public:
  explicit Search(const CdbView& rules) : rules_(rules) {}

  bool ask(std::string address) {
    const auto data = rules_.find(address);
    if (data) found_ = Rule{std::move(address), Instructions::parse(*data)};
    return data.has_value();
  }
  /// Prefixes that end with the character that divides the address, longest first.
  bool ask_prefixes(std::string_view ip) {
    const char divider = ip.find(':') == std::string_view::npos ? '.' : ':';
    for (std::size_t length = ip.size(); length > 0; --length)
      if (ip[length - 1] == divider && ask(std::string(ip.substr(0, length)))) return true;
    return false;
  }
  bool ask_suffixes(std::string_view host) {
    for (std::size_t at = 0; at < host.size(); ++at)
      if (host[at] == '.' && ask("=" + std::string(host.substr(at)))) return true;
    return false;
  }
  std::optional<Rule> found() && { return std::move(found_); }

 private:
  const CdbView& rules_;
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

std::optional<Rule> find_rule(const CdbView& rules, const Peer& client) {
  const bool has_info = !client.remote_info.empty();
  const bool has_host = !client.remote_host.empty();
  Search search(rules);
  if ((has_info && search.ask(client.remote_info + "@" + client.remote_ip)) ||
      (has_info && has_host && search.ask(client.remote_info + "@=" + client.remote_host)) ||
      search.ask(client.remote_ip) ||                           //
      (has_host && search.ask("=" + client.remote_host)) ||     //
      search.ask_prefixes(client.remote_ip) ||                  //
      (has_host && search.ask_suffixes(client.remote_host)) ||  //
      (has_host && search.ask("=")))
    return std::move(search).found();
  search.ask("");
  return std::move(search).found();
}

}  // namespace qmail::ucspi
