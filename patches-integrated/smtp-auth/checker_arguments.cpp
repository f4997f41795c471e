#include "patches-integrated/smtp-auth/checker_arguments.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "core/base/spawn.h"

namespace qmail::smtp_auth {
namespace {

/// Programs that end with 0 whatever descriptor 3 says, and words of the shell.
constexpr std::array<std::string_view, 13> yes_sayers{
    "true", ":", "echo", "printf", "test", "[", "exit", "cd", "false", "type", "pwd", "cat", "sleep"};

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool says_yes(std::string_view path) {
  return std::find(yes_sayers.begin(), yes_sayers.end(), name_of(path)) != yes_sayers.end();
}

/// Behind all symbolic links.
std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? real.get() : path;
}

std::optional<std::string> find(const std::string& name, const Environment& environment) {
  auto path = find_program(name, environment);
  return path && is_program(*path) ? path : std::nullopt;
}

std::string problem_of(const std::string& program, const Environment& environment) {
  if (says_yes(program)) return program + " checks no passwords";
  const auto path = find(program, environment);
  if (!path) return program + " is not a program";
  if (says_yes(real_path(*path))) return program + " checks no passwords: it is " + real_path(*path);
  return "";
}

}  // namespace

CheckerArguments parse_checker_arguments(std::span<const std::string> arguments,
                                         const Environment& environment) {
  constexpr std::size_t words_with_host = 3;
  if (arguments.empty()) return {};
  CheckerArguments found;
  const bool has_slash = arguments[0].find('/') != std::string::npos;
  if (!has_slash && arguments.size() >= words_with_host && find(arguments[1], environment)) {
    if (find(arguments[0], environment) || says_yes(arguments[0])) {
      found.problem =
          "is " + arguments[0] + " or " + arguments[1] +
          " to check passwords? Say the first of them with its path if it is, and leave it away if not";
      return found;
    }
    found.host = arguments[0];
    arguments = arguments.subspan(1);
  }
  found.checker.assign(arguments.begin(), arguments.end());
  found.problem = problem_of(found.checker.front(), environment);
  return found;
}

std::vector<std::string> without_true(std::vector<std::string> checker) {
  if (checker.size() > 1 && name_of(checker.back()) == "true") checker.pop_back();
  return checker;
}

}  // namespace qmail::smtp_auth
