#include "core/programs/qmail-start/start.h"

#include <array>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/fd_passing.h"
#include "core/base/spawn.h"

namespace qmail {
namespace {

using Descriptors = std::vector<std::pair<int, int>>;

constexpr const char* default_delivery = "./Mailbox";
constexpr int last_descriptor = 7;  // of qmail-send; see qmail-send(8)

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

/// Opens what is missing of 0 to 7, so that nothing made here gets one of these numbers: a program started
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

/// The descriptor of its input.
Fd start_logger(std::vector<std::string> argv, const Identity& identity) {
  Pipe lines = Pipe::make();
  start({.argv = std::move(argv), .fds = {{lines.read.get(), 0}, {1, 1}}, .identity = identity});
  return std::move(lines.write);
}

}  // namespace

void start_mail(const users::Ids& ids, const std::vector<std::string>& args) {
  const std::vector<Fd> occupied = occupy_low_descriptors();
  if (::chdir("/") < 0) throw Failure::system("switch to /");
  ::umask(077);
  const std::string delivery = args.empty() ? default_delivery : args.front();
  const Line local, remote, clean;
  const SocketPair queue = SocketPair::make(SOCK_SEQPACKET);
  Fd log;
  if (args.size() > 1)
    log = start_logger({args.begin() + 1, args.end()}, {.uid = ids.qmaill.uid, .gid = ids.nofiles()});
  const auto as = [&](const Identity& user) { return Identity{.uid = user.uid, .gid = ids.qmail()}; };
  // qmail-lspawn stays root; it needs the group to reach the message files without using that.
  start(
      {.argv = {"qmail-lspawn", delivery}, .fds = local.for_program(), .identity = as({.uid = ::geteuid()})});
  start({.argv = {"qmail-rspawn"}, .fds = remote.for_program(), .identity = as(ids.qmailr)});
  start({.argv = {"qmail-clean"}, .fds = clean.for_program(), .identity = as(ids.qmailq)});
  const int log_lines = log ? log.get() : 1;
  start({.argv = {"qmail-queue", "--resident"},
         .fds = {{queue.other.get(), 0}, {log_lines, 1}, {log_lines, 2}},
         .identity = as(ids.qmailq)});
  const Command send{.argv = {"qmail-send"},
                     .fds = {{log_lines, 0},
                             {local.to.one.get(), 1},
                             {local.from.read.get(), 2},
                             {remote.to.one.get(), 3},
                             {remote.from.read.get(), 4},
                             {clean.to.one.get(), 5},
                             {clean.from.read.get(), 6},
                             {queue.one.get(), last_descriptor}},
                     .identity = as(ids.qmails)};
  exec(send);
  throw Failure::system("start qmail-send");
}

}  // namespace qmail
