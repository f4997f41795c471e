#include "ucspi/tcpserver/server_options.h"

#include <array>
#include <limits>

#include "core/base/options.h"
#include "core/base/program.h"
#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

constexpr std::string_view letters = "dDvqQhHrR1UX46x:t:u:g:l:b:B:c:C:pPoO";
// No letter is known for these.
constexpr char network_limit = '\1', rate_limit = '\2', proxy = '\3', drain = '\4';
constexpr std::array<NamedOption, 4> names{{{"network-limit", network_limit, true},
                                            {"rate-limit", rate_limit, true},
                                            {"proxy", proxy, true},
                                            {"drain", drain, false}}};

unsigned number(std::string_view text, unsigned most = std::numeric_limits<unsigned>::max()) {
  const auto value = parse_number<unsigned>(text);
  if (!value || *value > most) throw UsageError();
  return *value;
}

/// 0 is what stock takes for "leave it as it is".
std::optional<unsigned> id(std::string_view text) {
  const unsigned value = number(text);
  return value == 0 ? std::nullopt : std::optional(value);
}

/// What an option's value was parsed to.
template <typename Value>
Value required(std::optional<Value> value) {
  if (!value) throw UsageError();
  return std::move(*value);
}

/// n or n:text
void take_address_limit(ServerOptions& options, std::string_view value) {
  const std::size_t colon = value.find(':');
  options.address_limit = number(value.substr(0, colon));
  if (colon != std::string_view::npos) options.refusal = value.substr(colon + 1);
}

/// The pieces between commas.
std::vector<std::string> list(std::string_view text) {
  const auto pieces = split(text, ',');
  return {pieces.begin(), pieces.end()};
}

void take_value(ServerOptions& options, char letter, const std::string& value) {
  constexpr unsigned most_int = std::numeric_limits<int>::max();
  switch (letter) {
    case 'b': options.backlog = static_cast<int>(number(value, most_int)); break;
    case 'c': options.limit = number(value); break;
    case 'C': take_address_limit(options, value); break;
    case network_limit: options.network_limit = number(value); break;
    case rate_limit: options.rate = required(Rate::parse(value)); break;
    case proxy: options.proxies = required(AddressList::parse(value)); break;
    case 't': options.info_seconds = number(value); break;
    case 'u': options.uid = id(value); break;
    case 'g': options.gid = id(value); break;
    case 'l': options.local_host = value; break;
    case 'B': options.banner = value; break;
    case 'x': options.rules = value; break;
    default: throw UsageError();
  }
}

void take_ids(ServerOptions& options, const Environment& environment) {
  if (const auto uid = environment.find("UID")) options.uid = id(*uid);
  if (const auto gid = environment.find("GID")) options.gid = id(*gid);
}

/// True if `letter` is an option without value.
bool take_flag(ServerOptions& options, char letter, const Environment& environment) {
  switch (letter) {
    case 'q': options.verbosity = Verbosity::quiet; return true;
    case 'Q': options.verbosity = Verbosity::errors; return true;
    case 'v': options.verbosity = Verbosity::everything; return true;
    case 'd':
    case 'D': options.no_delay = letter == 'D'; return true;
    case 'h':
    case 'H': options.find_remote_host = letter == 'h'; return true;
    case 'r':
    case 'R': options.ask_remote_info = letter == 'r'; return true;
    case 'p':
    case 'P': options.paranoid = letter == 'p'; return true;
    case 'o':
    case 'O': options.keep_ip_options = letter == 'o'; return true;
    case '4': options.family = Family::v4; return true;
    case '6': options.family = Family::v6; return true;
    case '1': options.print_port = true; return true;
    case 'X': options.allow_without_rules = true; return true;
    case 'U': take_ids(options, environment); return true;
    case drain: options.drain = true; return true;
    default: return false;
  }
}

}  // namespace

ServerOptions ServerOptions::parse(const std::vector<std::string>& args, const Environment& environment) {
  ServerOptions options;
  Options given(args, letters, names);
  while (const auto letter = given.next()) {
    if (letter == '?') throw UsageError(Exit::permanent, given.problem());
    if (!take_flag(options, *letter, environment)) take_value(options, *letter, given.value());
  }
  const std::vector<std::string> rest = given.rest();
  if (rest.size() < 3 || options.limit == 0) throw UsageError();
  options.hosts = list(rest[0]);
  options.ports = list(rest[1]);
  options.program.assign(rest.begin() + 2, rest.end());
  return options;
}

}  // namespace qmail::ucspi
