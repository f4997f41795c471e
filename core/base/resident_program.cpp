#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/resident.h"
#include "core/base/resident_packets.h"
#include "core/base/signals.h"

namespace qmail::resident {
namespace {

constexpr int first_kept = 64;
constexpr int no_identity = 111;
constexpr std::size_t standard_descriptors = 3;

/// Closes every descriptor but those of `kept`.
void close_all_but(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned first = 0;
  for (const int number : kept) {
    const auto next = static_cast<unsigned>(number);
    if (next > first) ::close_range(first, next - 1, 0);
    first = next + 1;
  }
  ::close_range(first, ~0U, 0);
}

/// What every job finds as the program found it when it was started.
struct Beginning {
  mode_t mask;
  Fd directory;
  static Beginning here() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return {mask, keep(Fd(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)))};
  }
  /// False if something of it cannot be had any more.
  bool restore() const {
    signals::restore();
    ::umask(mask);
    // A child that a job left behind would be another job's: its signals, its status.
    return ::fchdir(directory.get()) == 0 && ::waitpid(-1, nullptr, WNOHANG) < 0;
  }
};

/// The inode of the program that runs here; 0 if that cannot be known.
std::uint64_t this_program() {
  const auto stamp = FileStamp::of("/proc/self/exe");
  return stamp ? stamp->inode : 0;
}

/// Serves the jobs of one worker.
class Station {
 public:
  Station(const char* name, const MakeWork& make, const Rules& rules, Beginning beginning, Fd master)
      : name_(name),
        make_(make),
        rules_(rules),
        beginning_(std::move(beginning)),
        master_(std::move(master)) {
    wait_at_most(rules.idle_seconds);
  }

  /// The worker's own exit code: what cannot be read is a job that failed for now.
  int run() {
    for (;;) {
      auto packet = next();
      if (packet && packet->size == 0) return static_cast<int>(Exit::ok);
      const auto job = packet ? parse_job(std::span(packet_).first(packet->size)) : std::nullopt;
      if (!job) return static_cast<int>(Exit::temporary);
      place(packet->fds);
      const End end = serve(*job);
      if (!send_packet(master_.get(), encode_end(end)) || end.last) return static_cast<int>(Exit::ok);
    }
  }

 private:
  std::optional<Packet> next() {
    auto packet = receive_packet(master_.get(), packet_);
    if (packet || errno != EAGAIN) return packet;
    // From here on the master is told that nobody takes its job; one that came before this is still done.
    ::shutdown(master_.get(), SHUT_RD);
    return receive_packet(master_.get(), packet_);
  }

  /// The job's descriptors, which are 0, 1, 2 ..., for nothing else was open, become those of a program.
  static void place(std::vector<Fd>& fds) {
    for (Fd& fd : fds) ::fcntl(fd.release(), F_SETFD, 0);
    if (fds.size() < standard_descriptors) hold_standard_descriptors();
  }

  End serve(const ReceivedJob& job) {
    ::environ = const_cast<char**>(job.environment.data());
    Shift shift;
    bool returned = false;
    const auto run = [&] {
      const int result = work(job, shift);
      returned = true;
      return result;
    };
    const int code = run_caught(name_, run, rules_.ending);
    ::environ = nullptr;
    const bool is_clean = clean_up();
    wait_at_most(std::min(shift.wait_seconds().value_or(rules_.idle_seconds), rules_.idle_seconds));
    return {.status = W_EXITCODE(code & 0xff, 0),
            .last = shift.is_last() || !returned || !is_clean,
            .text = shift.text()};
  }

  void wait_at_most(int seconds) {
    if (seconds != patience_seconds_) set_patience(master_.get(), seconds);
    patience_seconds_ = seconds;
  }

  int work(const ReceivedJob& job, Shift& shift) {
    Process self{.name = name_,
                 .args = {job.args.begin() + 1, job.args.end() - 1},
                 .invoked_as = job.args.front(),
                 .environment = Environment::from(job.environment.data()),
                 .clock = clock_,
                 .real_uid = ::getuid()};
    if (!work_) work_ = make_();
    return work_->run(self, shift);
  }

  bool clean_up() {
    std::vector<int> kept = work_ ? work_->kept() : std::vector<int>();
    kept.push_back(master_.get());
    kept.push_back(beginning_.directory.get());
    close_all_but(std::move(kept));
    return beginning_.restore();
  }

  const char* name_;
  const MakeWork& make_;
  const Rules& rules_;
  const Beginning beginning_;
  const Fd master_;
  const SystemClock clock_;
  std::unique_ptr<Work> work_;
  int patience_seconds_ = 0;  ///< none was set yet
  std::array<char, most_bytes> packet_;
};

/// Forks workers and tells of their deaths. CHLD is blocked but while waiting.
class ZygoteLoop {
 public:
  explicit ZygoteLoop(Fd control) : control_(std::move(control)) {
    signals::block(SIGCHLD);
    signals::catch_flag(SIGCHLD);
  }

  /// In a new worker: its socket. None, in the zygote: the master is gone.
  std::optional<Fd> run() {
    if (!tell({Notice::Kind::hello, version, this_program()})) return std::nullopt;
    for (;;) {
      if (signals::take(SIGCHLD)) tell_deaths();
      if (!wait()) continue;
      HireRequest request{};
      auto packet = receive_packet(control_.get(), {reinterpret_cast<char*>(&request), sizeof request});
      if (!packet || packet->size == 0) return std::nullopt;
      if (packet->size != sizeof request || packet->fds.size() != 1) continue;
      if (hire(request)) return keep(std::move(packet->fds.front()));
    }
  }

 private:
  /// True if there is something to read; false after a signal.
  bool wait() const {
    pollfd wanted{control_.get(), POLLIN, 0};
    sigset_t none;
    sigemptyset(&none);
    return ::ppoll(&wanted, 1, nullptr, &none) > 0;
  }

  /// True in the worker.
  bool hire(const HireRequest& request) {
    const pid_t worker = ::fork();
    if (worker == 0) {
      if (request.has_identity != 0) take_identity({request.uid, request.gid});
      signals::restore();
      control_.close();
      return true;
    }
    if (worker > 0) {
      workers_.emplace_back(worker, request.worker);
      tell({Notice::Kind::hired, worker, request.worker});
    } else {
      tell({Notice::Kind::not_hired, errno, request.worker});
    }
    return false;
  }

  static void take_identity(const Identity& identity) {
    if (become(identity) < 0) ::_exit(no_identity);
    // As after an exec: /proc/self is its own again.
    ::prctl(PR_SET_DUMPABLE, 1);
  }

  void tell_deaths() {
    int status = 0;
    for (pid_t gone = 0; (gone = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto is_gone = [&](const auto& worker) { return worker.first == gone; };
      const auto worker = std::find_if(workers_.begin(), workers_.end(), is_gone);
      if (worker == workers_.end()) continue;
      tell({Notice::Kind::died, status, worker->second});
      *worker = workers_.back();
      workers_.pop_back();
    }
  }

  /// A master that is gone shows at the next wait.
  bool tell(const Notice& notice) const { return send_packet(control_.get(), bytes_of(notice)); }

  Fd control_;
  /// In one piece: a worker that had to free thousands of pieces would first get a copy of each page.
  std::vector<std::pair<pid_t, std::uint64_t>> workers_;
};

}  // namespace

Fd keep(Fd fd) { return Fd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, first_kept)); }

bool is_asked_for(int argc, char** argv) {
  if (argc != 2 || std::strcmp(argv[1], "--resident") != 0) return false;
  const auto option = [](int which) {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(0, SOL_SOCKET, which, &value, &size) < 0 ? -1 : value;
  };
  return option(SO_DOMAIN) == AF_UNIX && option(SO_TYPE) == SOCK_SEQPACKET;
}

int serve(const char* name, const MakeWork& make, const Rules& rules) {
  Fd control = keep(Fd(0));
  Beginning beginning = Beginning::here();
  close_all_but({control.get(), beginning.directory.get()});
  std::optional<Fd> master = ZygoteLoop(std::move(control)).run();
  if (!master) return 0;
  return Station(name, make, rules, std::move(beginning), std::move(*master)).run();
}

}  // namespace qmail::resident
