#include "core/programs/qmail-getpw/resident_getpw.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>

#include "core/users/local_codes.h"
#include "core/users/user_answer.h"

namespace qmail {
namespace {

constexpr std::int64_t remembered_seconds = 5;
constexpr std::size_t most_remembered = 10000;

/// What another try may answer differently is not worth remembering.
bool is_certain(const Found& found) {
  return found.exit_code == 0 || found.exit_code == static_cast<int>(users::LocalCode::no_alias);
}

}  // namespace

const Found& CachedUsers::find(const std::string& local) {
  if (entries_.size() >= most_remembered) entries_.clear();
  const std::int64_t now = clock_.now();
  const auto [at, is_new] = entries_.try_emplace(local);
  Entry& entry = at->second;
  // Also if the clock was set back.
  const bool is_old = now < entry.since || now >= entry.since + remembered_seconds;
  if (is_new || is_old || !is_certain(entry.found)) entry = {find_user(accounts_, local), now};
  return entry.found;
}

void answer_questions(int socket, CachedUsers& users) {
  std::array<char, users::longest_question> question;
  for (;;) {
    const ssize_t size = ::recv(socket, question.data(), question.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    const Found& found = users.find(std::string(question.data(), static_cast<std::size_t>(size)));
    const std::string answer = users::answer_bytes({.exit_code = found.exit_code, .fields = found.fields});
    if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
  }
}

}  // namespace qmail
