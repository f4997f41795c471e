#include "core/programs/qmail-queue/handover.h"

#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "core/base/program.h"
#include "core/base/signals.h"
#include "core/programs/qmail-queue/qmail_queue.h"

namespace qmail::queue {
namespace {

constexpr std::size_t room_size = std::size_t{64} << 10;
constexpr int socket_number = 0;

/// Nothing stays open but the socket and standard error: the others who are connected must see the end of
/// their connections when that comes.
void keep_only(int socket) {
  ::dup2(socket, socket_number);
  ::close_range(3, ~0U, 0);
  ::fcntl(socket_number, F_SETFL, 0);
}

int queue_and_answer(const Connection& connection, const std::string& home, const Clock& clock) {
  const auto queue = [&] {
    SubmissionSource source(connection.incoming, socket_number);
    queue_message(
        source,
        {.home = home, .clock = clock, .invoker = connection.uid, .qp = connection.qp, .pid = ::getpid()});
    return 0;
  };
  const int code = run_caught("qmail-queue", queue, silent_ending());
  const std::string bytes = answer_bytes({.code = code, .qp = connection.qp});
  // Whoever does not wait for the answer does not get it.
  static_cast<void>(::send(socket_number, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  return code;
}

}  // namespace

SubmissionSource::SubmissionSource(const Incoming& arrived, int socket)
    : socket_(socket),
      scan_(arrived.scan()),
      arrived_message_(arrived.message()),
      arrived_envelope_(arrived.raw_envelope()),
      room_(room_size, '\0') {}

void SubmissionSource::receive() {
  ssize_t got = -1;
  do got = ::recv(socket_, room_.data(), room_.size(), 0);
  while (got < 0 && errno == EINTR);
  rest_ = std::string_view(room_).substr(0, got > 0 ? static_cast<std::size_t>(got) : 0);
}

std::string_view SubmissionSource::message() {
  if (!arrived_message_.empty()) return std::exchange(arrived_message_, {});
  while (!scan_.at_envelope()) {
    if (const auto run = scan_.take(rest_); !run.empty()) return run;
    if (scan_.at_envelope()) break;
    receive();
    if (rest_.empty()) throw refusal(Code::read_error, "read message");
  }
  return {};
}

std::string_view SubmissionSource::envelope() {
  if (!arrived_envelope_.empty()) return std::exchange(arrived_envelope_, {});
  if (rest_.empty()) receive();
  return std::exchange(rest_, {});
}

std::optional<pid_t> hand_over(const Connection& connection, const std::string& home, const Clock& clock) {
  const pid_t child = ::fork();
  if (child < 0) return std::nullopt;
  if (child > 0) return child;
  keep_only(connection.socket.get());
  arm_endings();
  signals::set_default(SIGTERM);
  ::_exit(queue_and_answer(connection, home, clock));
}

}  // namespace qmail::queue
