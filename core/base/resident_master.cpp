#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/socket.h>

#include "core/base/fd_passing.h"
#include "core/base/resident.h"
#include "core/base/resident_packets.h"

namespace qmail::resident {
namespace {

/// A zygote answers at once; one that does not is of no use.
constexpr int patience_seconds = 5;

/// The next notice. None with errno set: the zygote is gone, silent, or nothing has come.
std::optional<Notice> take_notice(int control, int flags) {
  Notice notice{};
  ssize_t got = -1;
  do got = ::recv(control, &notice, sizeof notice, flags);
  while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof notice)) return notice;
  if (got >= 0) errno = EPIPE;
  return std::nullopt;
}

}  // namespace

bool Worker::give(const Job& job) { return send_packet(fd(), encode_job(job), job.fds); }

std::optional<End> Worker::take_end() {
  std::array<char, most_bytes> buffer;
  ssize_t got = -1;
  // Plain recv(): descriptors that a worker gone astray might send stay out.
  do got = ::recv(fd(), buffer.data(), buffer.size(), 0);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return std::nullopt;
  return parse_end({buffer.data(), static_cast<std::size_t>(got)});
}

std::optional<Zygote> Zygote::start(Command command) {
  const std::string path = command.program.empty() ? command.argv.front() : command.program;
  // Taken before the start: should the file be replaced meanwhile, this stamp is the old one's.
  const auto stamp = FileStamp::of(path);
  auto pair = SocketPair::try_make(SOCK_SEQPACKET);
  if (!stamp || !pair) return std::nullopt;
  command.argv.resize(1);
  command.argv.emplace_back("--resident");
  command.fds = {{pair->other.get(), 0}, {2, 2}};
  const auto pid = spawn(command);
  if (!pid) return std::nullopt;
  pair->other.close();
  Zygote zygote(path, *stamp, *pid, std::move(pair->one));
  set_patience(zygote.fd(), patience_seconds);
  if (zygote.greeted()) return zygote;
  const int error = errno;
  ::kill(*pid, SIGKILL);
  reap(*pid);
  errno = error;
  return std::nullopt;
}

bool Zygote::greeted() {
  const auto notice = take_notice(fd(), 0);
  if (!notice) return false;
  errno = EPROTO;
  return notice->kind == Notice::Kind::hello && notice->value == version && notice->worker == stamp_.inode;
}

std::optional<Worker> Zygote::hire(const std::optional<Identity>& identity) {
  auto pair = SocketPair::try_make(SOCK_SEQPACKET);
  if (!pair) return std::nullopt;
  const Identity wanted = identity.value_or(Identity{});
  const HireRequest request{
      .worker = ++hired_, .has_identity = identity ? 1U : 0U, .uid = wanted.uid, .gid = wanted.gid};
  const int theirs = pair->other.get();
  if (!send_packet(fd(), bytes_of(request), {&theirs, 1})) return std::nullopt;
  pair->other.close();
  while (const auto notice = take_notice(fd(), 0)) {
    if (notice->kind == Notice::Kind::died) {
      deaths_.push_back({notice->worker, notice->value});
    } else if (notice->worker == request.worker) {
      if (notice->kind == Notice::Kind::hired)
        return Worker(request.worker, notice->value, std::move(pair->one));
      errno = notice->value;
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::vector<Death>> Zygote::take_deaths() {
  while (const auto notice = take_notice(fd(), MSG_DONTWAIT))
    if (notice->kind == Notice::Kind::died) deaths_.push_back({notice->worker, notice->value});
  const bool is_gone = errno != EAGAIN;
  if (is_gone && deaths_.empty()) return std::nullopt;
  return std::exchange(deaths_, {});
}

bool Zygote::is_current() const { return FileStamp::of(path_) == stamp_; }

}  // namespace qmail::resident
