#include "core/programs/qmail-authd/verdict.h"

#include <algorithm>
#include <sys/wait.h>

namespace qmail::authd {
namespace {

using Verdict = accounts::AuthAnswer::Verdict;

constexpr int refused = 1;

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

}  // namespace

Finding judge(int status, std::string_view report, const Environment& given) {
  if (crashed(status)) return later("was ended by signal " + std::to_string(WTERMSIG(status)));
  const int code = exit_code(status);
  if (code == refused) return {.answer = {.verdict = Verdict::no}};
  if (code != 0) return later("ended with exit code " + std::to_string(code));
  auto user = accounts::parse_user(report);
  if (!user) return later("ended with exit code 0, but has not run the program in its arguments");
  user->environment = changes(user->environment, given);
  return {.answer = {Verdict::yes, std::move(user)}};
}

}  // namespace qmail::authd
