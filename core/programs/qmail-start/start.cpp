#include "core/programs/qmail-start/start.h"

#include <array>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/fd_passing.h"
#include "core/base/io.h"
#include "core/base/spawn.h"
#include "core/base/text.h"
#include "core/control/control.h"
#include "core/log/twin.h"

namespace qmail {
namespace {

using Descriptors = std::vector<std::pair<int, int>>;

constexpr const char* default_delivery = "./Mailbox";
constexpr int queue_descriptor = 7;
constexpr int last_descriptor = log::twin_descriptor;  // of qmail-send; see qmail-send(8)

void start(Command command) {
  if (!spawn(command)) throw Failure::system("start " + command.argv.front());
}

/// A program that is told what to do through a socket, which can pass descriptors, and answers through a
/// pipe.
struct Line {
  SocketPair to = SocketPair::make();
  Pipe from = Pipe::make();
  Descriptors for_program() const { return {{to.other.get(), 0}, {from.write.get(), 1}}; }
};

/// Opens what is missing of 0 to 8, so that nothing made here gets one of these numbers: a program started
/// with the map below would find it closed or wrong.
std::vector<Fd> occupy_low_descriptors() {
  std::vector<Fd> occupied;
  for (;;) {
    Fd fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!fd) throw Failure::system("open /dev/null");
    if (fd.get() > last_descriptor) return occupied;
    occupied.push_back(std::move(fd));
  }
}

/// The descriptor of its input. What it writes, and complains about, goes to `out`: nobody else listens.
Fd start_logger(std::vector<std::string> argv, const Identity& identity, int out) {
  Pipe lines = Pipe::make();
  start({.argv = std::move(argv), .fds = {{lines.read.get(), 0}, {out, 1}, {out, 2}}, .identity = identity});
  return std::move(lines.write);
}

/// The same for the twin of the log, without which mail goes on: what is wrong is in the log.
Fd start_twin(const std::vector<std::string>& argv, const Identity& identity, int log) {
  if (argv.empty()) return Fd();
  // What failed must not take the mail along.
  try {
    // Standard output may be the log, whose end must not wait for a program that hangs.
    return start_logger(argv, identity, STDERR_FILENO);
  } catch (const Failure& failure) {
    const std::string line = std::string("warning: no JSON log: ") + failure.what() + "\n";
    // Nobody is left to tell if the log is gone.
    static_cast<void>(Writer(log).put(line).flush());
    return Fd();
  }
}

}  // namespace

std::vector<std::string> read_twin_logger(const Directory& home) {
  std::vector<std::string> words;
  auto folder = home.find_sub("control");
  const std::string line = folder ? Control(std::move(*folder)).line("jsonlog").value_or("") : "";
  for (const std::string_view word : split(line, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

void start_mail(const users::Ids& ids, const std::vector<std::string>& args,
                const std::vector<std::string>& twin_logger) {
  const std::vector<Fd> occupied = occupy_low_descriptors();
  if (::chdir("/") < 0) throw Failure::system("switch to /");
  ::umask(077);
  const std::string delivery = args.empty() ? default_delivery : args.front();
  const Line local, remote, clean;
  const SocketPair queue = SocketPair::make(SOCK_SEQPACKET);
  Fd log;
  const Identity logger{.uid = ids.qmaill.uid, .gid = ids.nofiles()};
  if (args.size() > 1) log = start_logger({args.begin() + 1, args.end()}, logger, STDOUT_FILENO);
  const auto as = [&](const Identity& user) { return Identity{.uid = user.uid, .gid = ids.qmail()}; };
  // qmail-lspawn stays root; it needs the group to reach the message files without using that.
  start(
      {.argv = {"qmail-lspawn", delivery}, .fds = local.for_program(), .identity = as({.uid = ::geteuid()})});
  start({.argv = {"qmail-rspawn"}, .fds = remote.for_program(), .identity = as(ids.qmailr)});
  start({.argv = {"qmail-clean"}, .fds = clean.for_program(), .identity = as(ids.qmailq)});
  const int log_lines = log ? log.get() : 1;
  const Fd twin = start_twin(twin_logger, logger, log_lines);
  start({.argv = {"qmail-queue", "--resident"},
         .fds = {{queue.other.get(), 0}, {log_lines, 1}, {log_lines, 2}},
         .identity = as(ids.qmailq)});
  Command send{.argv = {"qmail-send"},
               .fds = {{log_lines, 0},
                       {local.to.one.get(), 1},
                       {local.from.read.get(), 2},
                       {remote.to.one.get(), 3},
                       {remote.from.read.get(), 4},
                       {clean.to.one.get(), 5},
                       {clean.from.read.get(), 6},
                       {queue.one.get(), queue_descriptor}},
               .identity = as(ids.qmails)};
  if (twin) {
    send.argv.emplace_back(log::twin_argument);
    send.fds.emplace_back(twin.get(), log::twin_descriptor);
  }
  exec(send);
  throw Failure::system("start qmail-send");
}

}  // namespace qmail
