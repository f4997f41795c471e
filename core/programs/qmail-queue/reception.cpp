#include "core/programs/qmail-queue/reception.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>
#include <utility>

#include "core/base/sys.h"
#include "core/base/unix_address.h"
#include "core/programs/qmail-queue/qmail_queue.h"
#include "core/queue/link.h"

namespace qmail::queue {
namespace {

constexpr int backlog = 4096;
constexpr mode_t socket_mode = 0666;  // whoever may run qmail-queue may connect
constexpr std::size_t read_size = std::size_t{64} << 10;
/// No submission is read any further.
constexpr std::size_t most_held = most_logged_bytes + link::longest_envelope + read_size;
/// The name until it listens.
constexpr const char* new_socket = "run/queue.new";
/// So many are accepted before those who are ready get their answers.
constexpr int most_accepted_at_once = 256;

/// Bound and listening under new_socket; none with errno set.
Fd listen_at(const Directory& home) {
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return socket;
  // A socket's name gets the mode that the socket has, less the umask.
  if (sys::fchmod(socket.get(), socket_mode) < 0) return Fd();
  const mode_t umask_before = ::umask(0);
  const auto address = address_of(home, new_socket);
  const int bound = ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::umask(umask_before);
  if (bound < 0 || ::listen(socket.get(), backlog) < 0) return Fd();
  return socket;
}

void send_answer(const Connection& connection, Code code) {
  const std::string bytes = answer_bytes({.code = static_cast<int>(code), .qp = connection.qp});
  // Whoever does not wait for the answer does not get it.
  static_cast<void>(::send(connection.socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

}  // namespace

Reception::Reception(Watcher& watcher, std::uint64_t name, const Clock& clock, const Limits& limits)
    : watcher_(watcher),
      name_(name),
      clock_(clock),
      limits_(limits),
      connection_shares_(limits.connections),
      byte_shares_(limits.bytes),
      room_(read_size, '\0') {}

bool Reception::open(const Directory& home) {
  // Left behind by one that was stopped in between; if it is something else, bind() says so.
  static_cast<void>(sys::unlink_at(home.get(), new_socket));
  Fd socket = listen_at(home);
  if (!socket || sys::rename_at(home.get(), new_socket, home.get(), submission_socket) < 0) return false;
  if (!watcher_.watch(socket.get(), name_)) return false;
  listener_ = std::move(socket);
  return true;
}

void Reception::close(const Directory& home) {
  if (!listener_) return;
  // If the name stays, whoever comes finds nobody listening and goes another way.
  static_cast<void>(sys::unlink_at(home.get(), submission_socket));
  while (accept_waiting()) continue;
  listener_.close();
  paused_ = false;
}

void Reception::serve(std::uint64_t name) {
  if (name == name_) {
    if (listener_) accept_waiting();
    return;
  }
  if (const auto at = connections_.find(name); at != connections_.end()) read(at);
}

bool Reception::accept_waiting() {
  for (int count = 0; count < most_accepted_at_once; ++count) {
    Fd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket) {
      admit(std::move(socket));
    } else if (errno == EAGAIN) {
      return false;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      pause();
      return false;
    }
  }
  return true;
}

void Reception::pause() {
  watcher_.forget(listener_.get());
  paused_ = true;
}

void Reception::admit(Fd socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return;
  const std::uint64_t qp = next_qp_++;
  Connection connection{
      .socket = std::move(socket), .uid = peer.uid, .qp = qp, .deadline = clock_.now() + limits_.seconds};
  if (!connection_shares_.has_room(peer.uid, 1)) return send_answer(connection, Code::busy);
  connection_shares_.take(peer.uid, 1);
  read(connections_.emplace_hint(connections_.end(), qp, std::move(connection)));
}

void Reception::read(Connections::iterator at) {
  Connection& connection = at->second;
  // All that it may come to hold: who has begun can always end, so nobody waits for those who wait.
  if (connection.held == 0) {
    if (!byte_shares_.has_room(connection.uid, most_held)) return park(connection);
    hold(connection, most_held);
  }
  while (read_piece(at)) continue;
}

bool Reception::read_piece(Connections::iterator at) {
  Connection& connection = at->second;
  const ssize_t got = ::recv(connection.socket.get(), room_.data(), room_.size(), 0);
  if (got < 0 && errno == EINTR) return true;
  if (got < 0 && errno == EAGAIN) {
    if (connection.incoming.bytes() == 0) hold(connection, 0);
    watch(connection);
    return false;
  }
  if (got <= 0) {
    drop(at, Code::read_error);
    return false;
  }
  connection.incoming.take(std::string_view(room_).substr(0, static_cast<std::size_t>(got)));
  if (connection.incoming.status() == Incoming::Status::unfinished) return true;
  end_reading(at);
  return false;
}

void Reception::hold(Connection& connection, std::size_t bytes) {
  byte_shares_.give_back(connection.uid, connection.held);
  byte_shares_.take(connection.uid, bytes);
  connection.held = bytes;
}

void Reception::end_reading(Connections::iterator at) {
  Connection& connection = at->second;
  if (connection.incoming.status() == Incoming::Status::refused)
    return drop(at, code_for(connection.incoming.envelope_status()).value_or(Code::bug));
  if (connection.watched) watcher_.forget(connection.socket.get());
  hold(connection, connection.incoming.bytes());
  ready_.push_back(std::move(connection));
  connections_.erase(at);
}

void Reception::watch(Connection& connection) {
  if (connection.watched) return;
  connection.watched = watcher_.watch(connection.socket.get(), connection.qp);
  // Without memory for that, it is tried again as if the connection had no room.
  if (!connection.watched) parked_.push_back(connection.qp);
}

void Reception::park(Connection& connection) {
  if (connection.watched) watcher_.forget(connection.socket.get());
  connection.watched = false;
  parked_.push_back(connection.qp);
}

void Reception::resume_parked(std::size_t most) {
  for (std::size_t left = std::min(most, parked_.size()); left > 0; --left) {
    const std::uint64_t qp = parked_.front();
    parked_.pop_front();
    const auto at = connections_.find(qp);
    if (at == connections_.end()) continue;
    if (byte_shares_.has_room(at->second.uid, most_held)) {
      watch(at->second);
    } else {
      parked_.push_back(qp);
    }
  }
}

std::vector<Connection> Reception::take_ready() { return std::exchange(ready_, {}); }

void Reception::answer(const Connection& connection, Code code) {
  send_answer(connection, code);
  let_go(connection);
}

void Reception::let_go(const Connection& connection) {
  connection_shares_.give_back(connection.uid, 1);
  byte_shares_.give_back(connection.uid, connection.held);
  resume_parked(1);
}

void Reception::drop(Connections::iterator at, Code code) {
  const Connection connection = std::move(at->second);
  connections_.erase(at);
  answer(connection, code);
}

void Reception::tick() {
  const std::int64_t now = clock_.now();
  while (!connections_.empty() && connections_.begin()->second.deadline <= now)
    drop(connections_.begin(), Code::timed_out);
  resume_parked(parked_.size());
  if (paused_ && listener_) paused_ = !watcher_.watch(listener_.get(), name_);
}

void Reception::turn_everybody_away() {
  while (!connections_.empty()) drop(connections_.begin(), Code::busy);
}

}  // namespace qmail::queue
