#include "core/smtp/address_argument.h"

#include <algorithm>

#include "core/format/address.h"

namespace qmail::smtpd {
namespace {

/// An argument taken apart so far: where the address starts, and the character that ends it.
struct Start {
  std::string_view rest;
  char end;
};

Start find_start(std::string_view argument) {
  const std::size_t bracket = argument.find('<');
  if (bracket != std::string_view::npos) return {argument.substr(bracket + 1), '>'};
  const std::size_t colon = argument.find(':');
  argument.remove_prefix(colon == std::string_view::npos ? argument.size() : colon + 1);
  argument.remove_prefix(std::min(argument.find_first_not_of(' '), argument.size()));
  return {argument, ' '};
}

std::string_view without_source_route(std::string_view path) {
  if (!path.starts_with('@')) return path;
  const std::size_t colon = path.find(':');
  return colon == std::string_view::npos ? std::string_view() : path.substr(colon + 1);
}

struct Found {
  std::string address;
  std::string_view behind;  ///< and behind the character that ended it
};

Found find_address(std::string_view argument) {
  const auto [rest, end] = find_start(argument);
  const std::string_view path = without_source_route(rest);
  Found found;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < path.size(); ++i) {
    if (path[i] == end && !quoted) break;
    if (path[i] == '"')
      quoted = !quoted;
    else if (path[i] != '\\')
      found.address += path[i];
    else if (++i < path.size())
      found.address += path[i];
  }
  found.behind = path.substr(std::min(i + 1, path.size()));
  return found;
}

}  // namespace

std::string address_in(std::string_view argument) { return find_address(argument).address; }

std::vector<Parameter> parameters_in(std::string_view argument) {
  std::vector<Parameter> parameters;
  std::string_view rest = find_address(argument).behind;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    const std::size_t equals = std::min(word.find('='), word.size());
    if (equals > 0)
      parameters.push_back({word.substr(0, equals), word.substr(std::min(equals + 1, word.size()))});
  }
  return parameters;
}

std::string replace_own_literal(std::string address, std::string_view host,
                                const std::function<bool(const Ip&)>& is_ours) {
  const AddressParts parts = divide(address);
  const auto literal = parts.has_host ? parse_address_literal(parts.host) : std::nullopt;
  if (!literal || !is_ours(*literal)) return address;
  address.resize(address.size() - parts.host.size());
  return address.append(host);
}

}  // namespace qmail::smtpd
