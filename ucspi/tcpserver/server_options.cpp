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

/// What was given to an option.
struct Given {
  std::string option;  ///< as messages name it
  std::string text;

  [[noreturn]] void refuse() const {
    throw UsageError(Exit::permanent, "illegal value of option -- " + option + " " + text);
  }
  template <typename Value>
  Value understood(std::optional<Value> value) const {
    if (!value) refuse();
    return std::move(*value);
  }
  unsigned number(unsigned most = std::numeric_limits<unsigned>::max()) const {
    const unsigned value = understood(parse_number<unsigned>(text));
    if (value > most) refuse();
    return value;
  }
  /// 0 is what stock takes for "leave it as it is".
  std::optional<unsigned> id() const {
    const unsigned value = number();
    return value == 0 ? std::nullopt : std::optional(value);
  }
};

std::string name_of(char code) {
  for (const NamedOption& option : names)
    if (option.code == code) return std::string(option.name);
  return {code};
}

/// n or n:text
void take_address_limit(ServerOptions& options, const Given& given) {
  const std::string_view text = given.text;
  const std::size_t colon = text.find(':');
  options.address_limit = given.understood(parse_number<unsigned>(text.substr(0, colon)));
  if (colon != std::string_view::npos) options.refusal = text.substr(colon + 1);
}

/// The pieces between commas.
std::vector<std::string> list(std::string_view text) {
  const auto pieces = split(text, ',');
  return {pieces.begin(), pieces.end()};
}

void take_value(ServerOptions& options, char letter, const Given& given) {
  constexpr unsigned most_int = std::numeric_limits<int>::max();
  switch (letter) {
    case 'b': options.backlog = static_cast<int>(given.number(most_int)); break;
    case 'c': options.limit = given.number(); break;
    case 'C': take_address_limit(options, given); break;
    case network_limit: options.network_limit = given.number(); break;
    case rate_limit: options.rate = given.understood(Rate::parse(given.text)); break;
    case proxy: options.proxies = given.understood(AddressList::parse(given.text)); break;
    case 't': options.info_seconds = given.number(); break;
    case 'u': options.uid = given.id(); break;
    case 'g': options.gid = given.id(); break;
    case 'l': options.local_host = given.text; break;
    case 'B': options.banner = given.text; break;
    case 'x': options.rules = given.text; break;
    default: throw UsageError();
  }
}

void take_ids(ServerOptions& options, const Environment& environment) {
  if (const auto uid = environment.find("UID")) options.uid = Given{"U", std::string(*uid)}.id();
  if (const auto gid = environment.find("GID")) options.gid = Given{"U", std::string(*gid)}.id();
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
    if (!take_flag(options, *letter, environment))
      take_value(options, *letter, {name_of(*letter), given.value()});
  }
  const std::vector<std::string> rest = given.rest();
  if (options.limit == 0) Given{"c", "0"}.refuse();
  if (rest.size() < 3) throw UsageError();
  options.hosts = list(rest[0]);
  options.ports = list(rest[1]);
  options.program.assign(rest.begin() + 2, rest.end());
  return options;
}

}  // namespace qmail::ucspi
