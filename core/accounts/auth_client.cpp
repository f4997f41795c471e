#include "core/accounts/auth_client.h"

#include <array>
#include <poll.h>
#include <sys/socket.h>

#include "core/base/deadline.h"
#include "core/base/local_socket.h"
#include "core/base/secret.h"

namespace qmail::accounts {
namespace {

constexpr unsigned connect_seconds = 15;
/// Longer than qmail-authd takes for a check, what is before it and what is behind it.
constexpr unsigned answer_seconds = 180;

bool send(const Fd& socket, const AuthQuestion& question) {
  std::string packet = encode_question(question);
  const ssize_t sent = ::send(socket.get(), packet.data(), packet.size(), MSG_NOSIGNAL);
  wipe(packet);
  return sent > 0;
}

}  // namespace

std::optional<AuthAnswer> ask_authd(const Directory& home, const AuthQuestion& question, const Clock& clock) {
  // As every checker does.
  if (question.claim.size() > Claim::most_bytes) return AuthAnswer{.verdict = AuthAnswer::Verdict::no};
  const LocalConnection authd = connect_locally(home, auth_socket, connect_seconds);
  if (!authd.socket) return std::nullopt;
  const AuthAnswer later;
  if (!send(authd.socket, question)) return later;
  if (!wait_until(authd.socket.get(), POLLIN, Deadline(clock, answer_seconds))) return later;
  std::array<char, longest_answer + 1> room;
  const ssize_t got = ::recv(authd.socket.get(), room.data(), room.size(), 0);
  if (got <= 0) return later;
  return parse_answer({room.data(), static_cast<std::size_t>(got)}).value_or(later);
}

}  // namespace qmail::accounts
