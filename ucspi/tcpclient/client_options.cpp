#include "ucspi/tcpclient/client_options.h"

#include "core/base/options.h"
#include "core/base/program.h"
#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

constexpr std::string_view letters = "46dDvqQhHrRi:p:t:T:l:";

/// What was given behind an option, or a usage error that names it.
template <typename Value>
Value understood(std::optional<Value> value, char letter, const std::string& text) {
  if (!value)
    throw UsageError(Exit::permanent, std::string("illegal value of option -- ") + letter + " " + text);
  return *value;
}

void take_value(ClientOptions& options, char letter, const std::string& value) {
  switch (letter) {
    case 'i': options.local_ip = understood(Ip::parse(value), letter, value); break;
    case 'p': options.local_port = understood(parse_number<std::uint16_t>(value), letter, value); break;
    case 't': options.info_seconds = understood(parse_number<unsigned>(value), letter, value); break;
    case 'T': options.patience = understood(parse_patience(value), letter, value); break;
    default: options.local_host = value;
  }
}

/// True if `letter` is an option without value.
bool take_flag(ClientOptions& options, char letter) {
  switch (letter) {
    case '4': options.family = Family::v4; return true;
    case '6': options.family = Family::v6; return true;
    case 'q': options.verbosity = Verbosity::quiet; return true;
    case 'Q': options.verbosity = Verbosity::errors; return true;
    case 'v': options.verbosity = Verbosity::everything; return true;
    case 'd':
    case 'D': options.no_delay = letter == 'D'; return true;
    case 'h':
    case 'H': options.find_remote_host = letter == 'h'; return true;
    case 'r':
    case 'R': options.ask_remote_info = letter == 'r'; return true;
    default: return false;
  }
}

}  // namespace

std::optional<Patience> parse_patience(std::string_view text) {
  const std::size_t plus = text.find('+');
  const auto first = parse_number<unsigned>(text.substr(0, plus));
  const auto second =
      plus == std::string_view::npos ? std::optional(0U) : parse_number<unsigned>(text.substr(plus + 1));
  if (!first || !second) return std::nullopt;
  return Patience{*first, *second};
}

ClientOptions ClientOptions::parse(const std::vector<std::string>& args) {
  ClientOptions options;
  Options given(args, letters);
  while (const auto letter = given.next()) {
    if (*letter == '?') throw UsageError(Exit::permanent, given.problem());
    if (!take_flag(options, *letter)) take_value(options, *letter, given.value());
  }
  if (options.local_ip) options.family = options.local_ip->is_v4() ? Family::v4 : Family::v6;
  const std::vector<std::string> rest = given.rest();
  if (rest.size() < 3) return options;
  options.host = rest[0];
  options.port = rest[1];
  options.program.assign(rest.begin() + 2, rest.end());
  return options;
}

}  // namespace qmail::ucspi
