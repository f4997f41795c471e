#include "ucspi/lib/rule_line.h"

#include <algorithm>
#include <cstdint>

#include "core/base/text.h"
#include "core/format/ip.h"
#include "ucspi/lib/rules.h"

namespace qmail::ucspi {
namespace {

constexpr std::string_view allow = "allow";
constexpr std::string_view deny = "deny";
constexpr std::string_view digits_and_dots = "0123456789.";
/// More than any IPv6 address has, so that a line of nothing but colons takes no time.
constexpr int most_colons = 16;

bool has(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }

/// What stands behind the user that ident gave.
std::string_view behind_info(std::string_view address) { return address.substr(address.rfind('@') + 1); }

/// True for the beginning of an IPv6 address or network, which may be its colons alone.
bool is_ipv6_part(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF:.[]/") == std::string_view::npos;
}

bool has_digit(std::string_view text) { return text.find_first_not_of(":.") != std::string_view::npos; }

/// A piece of an IP address in a range; nothing counts as 0, as stock has it.
std::optional<std::uint64_t> range_end(std::string_view text) {
  return text.empty() ? std::optional<std::uint64_t>(0) : parse_number<std::uint64_t>(text);
}

class LineParser {
 public:
  explicit LineParser(std::string_view line) : line_(line) {}

  std::optional<RuleRecords> parse() {
    const auto colon = find_rule_colon(line_);
    if (!colon) {
      refuse(line_.substr(line_.size()), "expected a colon behind the address");
      return std::nullopt;
    }
    const bool good = read_address(line_.substr(0, *colon)) && read_instructions(line_.substr(*colon + 1));
    return good ? std::optional(std::move(records_)) : std::nullopt;
  }
  RuleMistake mistake() && { return std::move(mistake_); }

 private:
  /// `at` is the rest of the line from the mistake on.
  bool refuse(std::string_view at, std::string what) {
    mistake_ = {static_cast<std::size_t>(at.data() - line_.data()) + 1, std::move(what)};
    return false;
  }

  bool read_address(std::string_view address) {
    const std::string_view host = behind_info(address);
    const std::size_t slash = address.find('/');
    const bool is_plain = address.find_first_of("@=") == std::string_view::npos;
    if (is_plain && slash != std::string_view::npos && slash > 0 &&
        (has(address, ':') || address.find_first_not_of(digits_and_dots) == slash))
      return read_network(address, slash);
    if (has(host, ':')) return read_ipv6(address, host);
    if (is_plain && has(address, '-')) return read_range(address);
    records_.keys.emplace_back(address);
    return true;
  }

  bool read_network(std::string_view address, std::size_t slash) {
    const std::string_view front = address.substr(0, slash), length = address.substr(slash + 1);
    const auto ip = parse_network_address(front);
    if (!ip)
      return refuse(front, "expected an address before the slash, as in 192.0.2.0/24 or 2001:db8::/32");
    // An IPv4 network in the clothes of an IPv6 one.
    const unsigned least = ip->is_v4() && has(front, ':') ? 96 : 0;
    const unsigned most = least + address_bits(*ip);
    const auto bits = parse_number<unsigned>(length);
    if (!bits || *bits < least || *bits > most)
      return refuse(length, "expected the length of a prefix here, a number from " + std::to_string(least) +
                                " to " + std::to_string(most));
    records_.network = Network::around(*ip, *bits - least);
    records_.keys.push_back(network_key(*records_.network));
    if (records_.network->first != *ip)
      records_.hint = std::string(address) + " is taken as " + records_.network->text();
    return true;
  }

  /// In the one form in which clients are looked up, as a whole or up to one of its colons.
  bool read_ipv6(std::string_view address, std::string_view host) {
    const std::string_view info = address.substr(0, address.size() - host.size());
    const bool in_brackets = host.starts_with('[') && host.ends_with(']');
    const std::string_view bare = in_brackets ? host.substr(1, host.size() - 2) : host;
    const auto ip = Ip::parse(bare);
    if (!ip && (!bare.ends_with(':') || bare.find_first_of("[]/") != std::string_view::npos))
      return refuse(
          host, "expected an IPv6 address, its beginning up to a colon, or a network as in 2001:db8::/32");
    records_.keys.push_back(std::string(info) + (ip ? ip->text() : lower(bare)));
    return true;
  }

  /// 1.2.3.4-6 and 10.2-3. become the addresses between.
  bool read_range(std::string_view address) {
    const std::size_t dash = address.find('-');
    const std::size_t dot = address.substr(0, dash).rfind('.');
    const std::size_t left = dot == std::string_view::npos ? 0 : dot + 1;
    const std::size_t right = std::min(address.find('.', dash), address.size());
    const auto bottom = range_end(address.substr(left, dash - left));
    const auto top = range_end(address.substr(dash + 1, right - dash - 1));
    if (!bottom || !top)
      return refuse(address.substr(bottom ? dash + 1 : left),
                    "expected a range of numbers, as in 192.0.2.1-7");
    for (std::uint64_t number = *bottom; number <= std::min<std::uint64_t>(*top, 255); ++number)
      records_.keys.push_back(std::string(address.substr(0, left)) + std::to_string(number) +
                              std::string(address.substr(right)));
    return true;
  }

  bool read_instructions(std::string_view rest) {
    if (rest.starts_with(deny)) {
      rest.remove_prefix(deny.size());
      records_.data.assign("D\0", 2);
    } else if (rest.starts_with(allow)) {
      rest.remove_prefix(allow.size());
    } else {
      return refuse(rest, "expected allow or deny here, in lower case and without a blank before it");
    }
    while (!rest.empty())
      if (!take_variable(rest)) return false;
    return true;
  }

  /// ,NAME="value" with any character in place of the quotes.
  bool take_variable(std::string_view& rest) {
    if (!rest.starts_with(','))
      return refuse(rest, "expected the end of the line, or a comma and NAME=\"value\"");
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos || equals + 1 == rest.size())
      return refuse(rest.substr(1), "expected NAME=\"value\" behind the comma");
    const char quote = rest[equals + 1];
    const std::size_t end = rest.find(quote, equals + 2);
    if (end == std::string_view::npos)
      return refuse(rest.substr(equals + 1), std::string("expected a second ") + quote + " behind the value");
    records_.data.append("+")
        .append(rest.substr(1, equals))
        .append(rest.substr(equals + 2, end - equals - 2));
    records_.data.push_back('\0');
    rest.remove_prefix(end + 1);
    return true;
  }

  std::string_view line_;
  RuleRecords records_;
  RuleMistake mistake_{1, ""};
};

}  // namespace

std::optional<std::size_t> find_rule_colon(std::string_view line) {
  const std::size_t first = line.find(':');
  std::size_t at = first;
  for (int colons = 0; at != std::string_view::npos && colons < most_colons; ++colons) {
    const std::string_view rest = line.substr(at + 1);
    const std::string_view host = behind_info(line.substr(0, at));
    if (at != first && !is_ipv6_part(host)) break;
    if ((rest.starts_with(allow) || rest.starts_with(deny)) && (at == first || has_digit(host))) return at;
    at = line.find(':', at + 1);
  }
  return first == std::string_view::npos ? std::nullopt : std::optional(first);
}

std::optional<RuleRecords> parse_rule_line(std::string_view line) { return LineParser(line).parse(); }

RuleMistake find_rule_mistake(std::string_view line) {
  LineParser parser(line);
  static_cast<void>(parser.parse());
  return std::move(parser).mistake();
}

}  // namespace qmail::ucspi
