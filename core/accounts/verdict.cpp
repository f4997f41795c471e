#include "core/accounts/verdict.h"

#include <algorithm>
#include <sys/wait.h>

#include "core/accounts/checker.h"

namespace qmail::accounts {
namespace {

using Verdict = AuthAnswer::Verdict;

Environment changes(const Environment& now, const Environment& before) {
  Environment changed;
  for (const std::string_view entry : now.entries()) {
    const std::size_t equals = entry.find('=');
    const std::string_view name = entry.substr(0, equals), value = entry.substr(equals + 1);
    if (before.find(name) != value) changed.set(name, value);
  }
  return changed;
}

Finding later(std::string trouble) { return {.answer = {}, .trouble = std::move(trouble)}; }

std::optional<Finding> without_success(int status) {
  if (crashed(status)) return later("was ended by signal " + std::to_string(WTERMSIG(status)));
  const int code = exit_code(status);
  if (code == refused) return Finding{.answer = {.verdict = Verdict::no}};
  if (code != 0) return later("ended with exit code " + std::to_string(code));
  return std::nullopt;
}

}  // namespace

Finding judge(int status, std::string_view report, const Environment& given) {
  if (auto finding = without_success(status)) return std::move(*finding);
  auto user = parse_user(report);
  if (!user) return later("ended with exit code 0, but has not run the program in its arguments");
  user->environment = changes(user->environment, given);
  return {.answer = {Verdict::yes, std::move(user)}};
}

Finding judge_salt(int status, std::string_view report) {
  if (auto finding = without_success(status)) return std::move(*finding);
  const auto salting = parse_salting(report);
  if (!salting) return later("ended with exit code 0, but has told no salt");
  return {.answer = {.verdict = Verdict::salt, .salting = *salting}};
}

}  // namespace qmail::accounts
