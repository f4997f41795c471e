#include "ucspi/lib/ident.h"

#include <array>
#include <poll.h>

#include "core/base/connect.h"
#include "core/base/deadline.h"
#include "core/base/fd.h"

namespace qmail::ucspi {
namespace {

constexpr std::uint16_t ident_port = 113;
constexpr std::size_t longest_answer = 1000;  // RFC 1413 section 4
constexpr std::size_t longest_user = 256;

Fd connect_to(const Endpoint& local, const Endpoint& remote, const Deadline& deadline) {
  // From the address the client connected to: it may know no other of ours.
  const SocketAddress from({.ip = local.ip, .port = 0, .scope = local.scope});
  const SocketAddress to({.ip = remote.ip, .port = ident_port, .scope = remote.scope});
  Fd socket(::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket || ::bind(socket.get(), from.get(), from.size()) < 0) return Fd();
  if (!connect_within(socket.get(), to.get(), to.size(), deadline.milliseconds_left())) return Fd();
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
    if (!wait_until(socket.get(), POLLIN, deadline)) return std::nullopt;
    const ssize_t got = ::read(socket.get(), block.data(), block.size());
    if (got <= 0) return std::nullopt;
    answer.append(block.data(), static_cast<std::size_t>(got));
  }
  return parse_ident(answer);
}

}  // namespace qmail::ucspi
