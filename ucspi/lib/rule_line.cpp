#include "ucspi/lib/rule_line.h"

#include <algorithm>
#include <cstdint>

#include "core/base/text.h"
#include "core/format/ip.h"

namespace qmail::ucspi {
namespace {

constexpr std::string_view allow = "allow";
constexpr std::string_view deny = "deny";

/// What stands behind the user that ident gave.
std::string_view behind_info(std::string_view address) { return address.substr(address.rfind('@') + 1); }

/// True for the beginning of an IPv6 address, which may be its colons alone.
bool is_ipv6_part(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

bool has_digit(std::string_view text) { return text.find_first_not_of(":.") != std::string_view::npos; }

/// An IPv6 address in the one form in which clients are looked up.
std::string canonical(std::string_view address) {
  const std::string_view host = behind_info(address);
  const std::string_view info = address.substr(0, address.size() - host.size());
  if (host.find(':') == std::string_view::npos) return std::string(address);
  const auto ip = Ip::parse(host);
  return std::string(info) + (ip ? ip->text() : lower(host));
}

/// A piece of an IP address in a range; nothing counts as 0, as stock has it.
std::optional<std::uint64_t> range_end(std::string_view text) {
  return text.empty() ? std::optional<std::uint64_t>(0) : parse_number<std::uint64_t>(text);
}

/// 1.2.3.4-6 and 10.2-3. become the addresses between; one with '@' or '=' is no IP address and stays.
std::optional<std::vector<std::string>> expand(std::string_view address) {
  const std::size_t dash = address.find('-');
  if (dash == std::string_view::npos || address.find_first_of("=@") != std::string_view::npos)
    return std::vector{canonical(address)};
  const std::size_t dot = address.substr(0, dash).rfind('.');
  const std::size_t left = dot == std::string_view::npos ? 0 : dot + 1;
  const std::size_t right = std::min(address.find('.', dash), address.size());
  const auto bottom = range_end(address.substr(left, dash - left));
  const auto top = range_end(address.substr(dash + 1, right - dash - 1));
  if (!bottom || !top) return std::nullopt;
  std::vector<std::string> addresses;
  for (std::uint64_t number = *bottom; number <= std::min<std::uint64_t>(*top, 255); ++number)
    addresses.push_back(std::string(address.substr(0, left)) + std::to_string(number) +
                        std::string(address.substr(right)));
  return addresses;
}

/// ,NAME="value" with any character in place of the quotes, moved to the end of `data`.
bool take_variable(std::string_view& text, std::string& data) {
  const std::size_t equals = text.find('=');
  if (!text.starts_with(',') || equals == std::string_view::npos || equals + 1 == text.size()) return false;
  const std::size_t end = text.find(text[equals + 1], equals + 2);
  if (end == std::string_view::npos) return false;
  data.append("+").append(text.substr(1, equals)).append(text.substr(equals + 2, end - equals - 2));
  data.push_back('\0');
  text.remove_prefix(end + 1);
  return true;
}

}  // namespace

std::optional<std::size_t> find_rule_colon(std::string_view line) {
  const std::size_t first = line.find(':');
  for (std::size_t at = first; at != std::string_view::npos; at = line.find(':', at + 1)) {
    const std::string_view rest = line.substr(at + 1);
    const std::string_view host = behind_info(line.substr(0, at));
    if (at != first && !is_ipv6_part(host)) break;
    if ((rest.starts_with(allow) || rest.starts_with(deny)) && (at == first || has_digit(host))) return at;
  }
  return first == std::string_view::npos ? std::nullopt : std::optional(first);
}

std::optional<RuleRecords> parse_rule_line(std::string_view line) {
  const auto colon = find_rule_colon(line);
  if (!colon) return std::nullopt;
  auto addresses = expand(line.substr(0, *colon));
  if (!addresses) return std::nullopt;
  RuleRecords records{.addresses = std::move(*addresses), .data = {}};
  std::string_view rest = line.substr(*colon + 1);
  if (rest.starts_with(deny)) {
    rest.remove_prefix(deny.size());
    records.data.assign("D\0", 2);
  } else if (rest.starts_with(allow)) {
    rest.remove_prefix(allow.size());
  } else {
    return std::nullopt;
  }
  while (!rest.empty())
    if (!take_variable(rest, records.data)) return std::nullopt;
  return records;
}

}  // namespace qmail::ucspi
