#include "ucspi/tcpserver/starter.h"

#include <cerrno>
#include <csignal>
#include <memory>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/fd_passing.h"
#include "core/base/resident_packets.h"
#include "core/base/signals.h"
#include "ucspi/tcpserver/helper.h"

namespace qmail::ucspi {
namespace {

/// How a child ends that could not become the program.
constexpr int cannot_run = 111;
/// execvp(3) keeps paths on it, and all arguments if the program is a script without "#!".
constexpr std::size_t stack_size = std::size_t{512} << 10;

/// What the new process needs to know, in memory that it shares with its starter until it is the program.
struct Start {
  const resident::ReceivedJob& job;
  int socket;
  int error = 0;
};

/// In the new process. The starter stands still, and must find everything but `error` as it was.
int become_program(void* argument) {
  Start& start = *static_cast<Start*>(argument);
  if (::dup2(start.socket, 0) == 0 && ::dup2(start.socket, 1) == 1)
    ::execvpe(start.job.args.front(), start.job.args.data(), start.job.environment.data());
  start.error = errno;
  return cannot_run;
}

Started start(const resident::ReceivedJob& job, const Fd& socket, char* stack) {
  Start shared{.job = job, .socket = socket.get()};
  // CLONE_PARENT: the server waits for it, as for every child of its own.
  const int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT | SIGCHLD;
  const pid_t child = ::clone(&become_program, stack + stack_size, flags, &shared);
  if (child < 0) return {0, errno};
  return {child, shared.error};
}

[[noreturn]] void serve(const Fd& server) {
  become_helper(server.get());
  signals::set_default(SIGPIPE);
  const auto stack = std::make_unique_for_overwrite<char[]>(stack_size);
  const auto packet = std::make_unique_for_overwrite<char[]>(resident::most_bytes);
  for (;;) {
    const auto received = resident::receive_packet(server.get(), {packet.get(), resident::most_bytes});
    if (!received || received->size == 0 || received->fds.empty()) ::_exit(0);
    const auto job = resident::parse_job({packet.get(), received->size});
    if (!job) ::_exit(1);
    const Started started = start(*job, received->fds.front(), stack.get());
    if (!resident::send_packet(server.get(), resident::bytes_of(started))) ::_exit(0);
  }
}

}  // namespace

std::optional<Starter> Starter::make() {
  auto pair = SocketPair::try_make(SOCK_SEQPACKET);
  if (!pair) return std::nullopt;
  const pid_t child = ::fork();
  if (child < 0) return std::nullopt;
  if (child == 0) serve(pair->other);
  return Starter(child, std::move(pair->one));
}

bool Starter::ask(const resident::Job& job) {
  const std::string packet = resident::encode_job(job);
  if (packet.size() > resident::most_bytes) {
    errno = EMSGSIZE;
    return false;
  }
  if (send_with_fds(fd(), packet, job.fds.first(1), MSG_DONTWAIT) < 0) return false;
  ++unanswered_;
  return true;
}

std::optional<Started> Starter::take() {
  Started started{};
  const ssize_t got = ::recv(fd(), &started, sizeof started, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  lost_ = got != static_cast<ssize_t>(sizeof started) || unanswered_ == 0;
  if (lost_) return std::nullopt;
  --unanswered_;
  return started;
}

}  // namespace qmail::ucspi
