#include "ucspi/lib/ident.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>

#include "core/base/connect.h"
#include "core/base/fd.h"

namespace qmail::ucspi {
namespace {

constexpr std::uint16_t ident_port = 113;
constexpr std::size_t longest_answer = 1000;  // RFC 1413 section 4
constexpr std::size_t longest_user = 256;

/// The time that is left for everything.
class Deadline {
 public:
  Deadline(const Clock& clock, unsigned seconds)
      : clock_(clock), end_(milliseconds(clock) + seconds * 1000LL) {}
  int left() const {
    return static_cast<int>(std::clamp<std::int64_t>(end_ - milliseconds(clock_), 0, 1'000'000'000));
  }

 private:
  static std::int64_t milliseconds(const Clock& clock) {
    const Moment moment = clock.moment();
    return moment.seconds * 1000 + moment.microseconds / 1000;
  }
  const Clock& clock_;
  std::int64_t end_;
};

bool wait_for(int fd, short events, const Deadline& deadline) {
  pollfd wanted{fd, events, 0};
  int ready = -1;
  do ready = ::poll(&wanted, 1, deadline.left());
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

Fd connect_to(const Endpoint& local, const Endpoint& remote, const Deadline& deadline) {
  // From the address the client connected to: it may know no other of ours.
  const SocketAddress from({.ip = local.ip, .port = 0, .scope = local.scope});
  const SocketAddress to({.ip = remote.ip, .port = ident_port, .scope = remote.scope});
  Fd socket(::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket || ::bind(socket.get(), from.get(), from.size()) < 0) return Fd();
  if (!connect_within(socket.get(), to.get(), to.size(), deadline.left())) return Fd();
  return socket;
}

}  // namespace

std::optional<std::string> parse_ident(std::string_view answer) {
  answer = answer.substr(0, answer.find('\n'));
  for (int fields = 0; fields < 3; ++fields) {  // ports : USERID : system : user
    const std::size_t colon = answer.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    answer.remove_prefix(colon + 1);
  }
  std::string user;
  for (const char c : answer)
    if (c != ' ' && c != '\t' && c != '\r' && c != '\0' && user.size() < longest_user) user += c;
  return user.empty() ? std::nullopt : std::optional(user);
}

std::optional<std::string> ask_ident(const Endpoint& local, const Endpoint& remote, unsigned seconds,
                                     const Clock& clock) {
  const Deadline deadline(clock, seconds);
  const Fd socket = connect_to(local, remote, deadline);
  if (!socket) return std::nullopt;
  const std::string question = std::to_string(remote.port) + " , " + std::to_string(local.port) + "\r\n";
  // A fresh connection takes so few bytes at once, or is of no use.
  if (::write(socket.get(), question.data(), question.size()) != static_cast<ssize_t>(question.size()))
    return std::nullopt;
  std::string answer;
  std::array<char, longest_answer> block{};
  while (answer.find('\n') == std::string::npos && answer.size() < longest_answer) {
    if (!wait_for(socket.get(), POLLIN, deadline)) return std::nullopt;
    const ssize_t got = ::read(socket.get(), block.data(), block.size());
    if (got <= 0) return std::nullopt;
    answer.append(block.data(), static_cast<std::size_t>(got));
  }
  return parse_ident(answer);
}

}  // namespace qmail::ucspi
