#include "core/programs/qmail-qctl/settle.h"

#include <array>
#include <cerrno>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/file.h>

#include "core/base/failure.h"
#include "core/base/fd_passing.h"
#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/queue/delivery_protocol.h"
#include "core/queue/link.h"
#include "core/queue/log/scan.h"
#include "core/users/ids.h"

namespace qmail::qctl {
namespace {

constexpr const char* send_program = "bin/qmail-send";
constexpr const char* queue_program = "bin/qmail-queue";

/// Both daemons hold a lock while they run.
void refuse_if_running(const queue::Layout& layout) {
  for (const char* name : {queue::send_lock_name, queue::log_lock_name}) {
    const Fd lock(::openat(layout.fd(), name, O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    if (!lock && errno == ENOENT) continue;
    if (!lock) throw Failure::system("open " + layout.directory().path_of(name));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) < 0)
      throw Failure(Exit::temporary, "qmail-send is running: stop it first, that settles the queue");
  }
}

/// A spawner that makes no deliveries.
struct Idle {
  Pipe requests = Pipe::make();
  Pipe reports = Pipe::make();
  Idle() { Writer(reports.write.get()).put(queue::announcement(0)).flush_or_throw("pipe"); }
};

pid_t start(const Directory& home, std::vector<std::string> argv, const char* program,
            std::vector<std::pair<int, int>> fds, const Identity& identity) {
  const auto child = spawn({.argv = std::move(argv),
                            .program = home.path_of(program),
                            .fds = std::move(fds),
                            .directory = "/",
                            .identity = identity});
  if (!child) throw Failure::system("start " + home.path_of(program));
  return *child;
}

/// What is worth telling of their log lines.
void copy_complaints(int from, int err) {
  Reader lines(from);
  Writer out(err);
  for (std::string line; lines.line(line);)
    if (line.starts_with("alert:") || line.starts_with("warning:"))
      static_cast<void>(out.put("qmail-qctl: ").put(line).put("\n").flush());
}

bool succeeded(int status) { return !crashed(status) && exit_code(status) == 0; }

bool run_daemons(const Directory& home, int err) {
  const users::Ids ids = users::read_ids(home);
  SocketPair link = SocketPair::make(SOCK_SEQPACKET);
  Pipe lines = Pipe::make();
  const Idle local, remote, clean;
  const int log = lines.write.get();
  const pid_t queue = start(home, {"qmail-queue", "--resident"}, queue_program,
                            {{link.other.get(), 0}, {log, 1}, {log, 2}}, ids.qmailq);
  const pid_t send = start(home, {"qmail-send", "--settle"}, send_program,
                           {{log, 0},
                            {local.requests.write.get(), 1},
                            {local.reports.read.get(), 2},
                            {remote.requests.write.get(), 3},
                            {remote.reports.read.get(), 4},
                            {clean.requests.write.get(), 5},
                            {clean.reports.read.get(), 6},
                            {link.one.get(), queue::link::send_descriptor}},
                           ids.qmails);
  lines.write.close();
  link.one.close();
  link.other.close();
  copy_complaints(lines.read.get(), err);
  const bool is_settled = succeeded(wait_for(send));
  return succeeded(wait_for(queue)) && is_settled;
}

}  // namespace

int settle_queue(const Directory& home, int err) {
  signals::ignore(SIGPIPE);
  // Half an installation has no queue yet.
  auto folder = home.find_sub(queue::queue_folder);
  if (!folder) return 0;
  const queue::Layout layout(std::move(*folder));
  refuse_if_running(layout);
  if (queue_log::live_messages(layout).empty()) return 0;
  const bool is_settled = run_daemons(home, err);
  const std::size_t left = queue_log::live_messages(layout).size();
  if (left > 0) throw Failure(Exit::temporary, std::to_string(left) + " messages are still in the queue log");
  return static_cast<int>(is_settled ? Exit::ok : Exit::temporary);
}

}  // namespace qmail::qctl
