#include "core/programs/qmail-user/request.h"

#include <algorithm>
#include <array>

#include "core/base/options.h"
#include "core/base/program.h"

namespace qmail::user {
namespace {

constexpr std::array<NamedOption, 8> options{{
    {"file", 'f', true},
    {"virtual", 'v', true},
    {"user", 'u', true},
    {"home", 'h', true},
    {"from", 'F', true},
    {"json", 'j', false},
    {"secret", 's', false},
    {"show", 'n', false},
}};

enum class Operand { none, login, file };

struct Verb {
  std::string_view name;
  Request::Verb verb;
  std::string_view options;  ///< their codes
  Operand operand;
};

constexpr std::array<Verb, 6> verbs{{
    {"add", Request::Verb::add, "fvuhs", Operand::login},
    {"del", Request::Verb::del, "fv", Operand::login},
    {"passwd", Request::Verb::passwd, "fvs", Operand::login},
    {"list", Request::Verb::list, "fvj", Operand::none},
    {"import", Request::Verb::import_list, "fvuhsFn", Operand::file},
    {"export", Request::Verb::export_all, "fvj", Operand::none},
}};

[[noreturn]] void refuse(const std::string& problem) { throw UsageError(Exit::permanent, problem); }

void take(Request& request, char code, const std::string& value) {
  switch (code) {
    case 'f': request.file = value; break;
    case 'v': request.owner = value; break;
    case 'u': request.user = value; break;
    case 'h': request.home = value; break;
    case 'F': request.from = value; break;
    case 'j': request.json = true; break;
    case 's': request.keeps_secret = true; break;
    default: request.only_shows = true;
  }
}

void take_operand(Request& request, Operand operand, const std::vector<std::string>& rest) {
  const std::size_t most = operand == Operand::none ? 0 : 1;
  const std::size_t least = operand == Operand::login ? 1 : 0;
  // A password has no place here, and is not repeated in the message.
  if (rest.size() > most) refuse("too many arguments");
  if (rest.size() < least) refuse("no login is named");
  request.operand = rest.empty() ? "-" : rest.front();
}

}  // namespace

Request parse_request(const std::vector<std::string>& args) {
  if (args.empty()) throw UsageError();
  const auto verb =
      std::find_if(verbs.begin(), verbs.end(), [&](const Verb& v) { return v.name == args.front(); });
  if (verb == verbs.end()) refuse("no such command: " + args.front());
  Request request;
  request.verb = verb->verb;
  const std::vector<std::string> behind(args.begin() + 1, args.end());
  Options parsed(behind, "", options);
  while (const auto option = parsed.next()) {
    if (*option == '?') refuse(parsed.problem());
    if (verb->options.find(*option) == std::string_view::npos) {
      const auto named =
          std::find_if(options.begin(), options.end(), [&](const auto& o) { return o.code == *option; });
      refuse(args.front() + " takes no --" + std::string(named->name));
    }
    take(request, *option, parsed.value());
  }
  if (request.file && request.owner) refuse("--file and --virtual name two places");
  if (request.keeps_secret && !request.owner) refuse("--secret is for --virtual");
  take_operand(request, verb->operand, parsed.rest());
  return request;
}

}  // namespace qmail::user
