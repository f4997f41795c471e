// A program for resident_test: does what its arguments say, in either front end.
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <map>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/resident.h"
#include "core/base/signals.h"
#include "core/base/text.h"

const qmail::ProgramText qmail::program_text{"resident-probe", "does what it is told",
                                             "resident-probe WORD...", "nothing"};

namespace {

using namespace qmail;

/// What a program can find out about its start: descriptors, environment, directory, umask, signals, groups.
std::string surroundings(const Process& self) {
  std::string text = "as " + self.invoked_as + "\n";
  for (int fd = 0; fd < 1024; ++fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    // Two of the worker's own, which nothing that it executes will see.
    if (flags < 0 || (fd >= 64 && (flags & FD_CLOEXEC) != 0)) continue;
    struct stat status {};
    ::fstat(fd, &status);
    text += "fd " + std::to_string(fd) + " flags " + std::to_string(flags) + " inode " +
            std::to_string(status.st_ino) + "\n";
  }
  for (char** entry = ::environ; *entry != nullptr; ++entry) text += std::string("env ") + *entry + "\n";
  for (const std::string& entry : self.environment.entries()) text += "variable " + entry + "\n";
  const mode_t mask = ::umask(0);
  ::umask(mask);
  struct stat here {};
  ::stat(".", &here);
  text += "umask " + std::to_string(mask) + " directory " + std::to_string(here.st_ino) + "\n";
  for (int number = 1; number < 65; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) < 0) continue;
    text += action.sa_handler == SIG_DFL ? "d" : action.sa_handler == SIG_IGN ? "i" : "c";
  }
  sigset_t blocked;
  ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
  for (int number = 1; number < 65; ++number) text += sigismember(&blocked, number) == 1 ? "b" : "-";
  return text + "\nalarm " + std::to_string(::alarm(0)) + " uid " + std::to_string(::geteuid()) + "\n";
}

/// "uid REAL EFFECTIVE gid REAL EFFECTIVE groups G..."
std::string identity() {
  std::string text = "uid " + std::to_string(::getuid()) + " " + std::to_string(::geteuid()) + " gid " +
                     std::to_string(::getgid()) + " " + std::to_string(::getegid()) + " groups";
  std::array<gid_t, 64> groups;
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  for (int at = 0; at < count; ++at) text += " " + std::to_string(groups[static_cast<std::size_t>(at)]);
  return text;
}

/// Leaves nothing as it was.
void poison() {
  signals::ignore(SIGPIPE);
  signals::catch_flag(SIGUSR1);
  signals::catch_exit(SIGALRM, 9);
  signals::block(SIGTERM);
  ::alarm(1000);
  ::umask(0777);
  static_cast<void>(!::chdir("/proc"));
  for (int count = 0; count < 100; ++count) static_cast<void>(::open("/dev/null", O_RDONLY));
  static_cast<void>(::fcntl(0, F_DUPFD, 500));
}

class Probe final : public resident::Work {
 public:
  int run(Process& self, resident::Shift& shift) override {
    ++jobs_;
    const std::string word = self.args.empty() ? "" : self.args.front();
    const std::string value = self.args.size() < 2 ? "" : self.args[1];
    if (word == "show") Writer(self.out).put(surroundings(self)).flush_or_throw("surroundings");
    if (word == "count") shift.say(std::to_string(jobs_) + " in " + std::to_string(::getpid()));
    if (word == "poison") poison();
    if (word == "identity") shift.say(identity());
    if (word == "self") return Fd(::open("/proc/self/fd/0", O_RDONLY)) ? 0 : 1;
    if (word == "leave") shift.leave();
    if (word == "wait") shift.wait_at_most(std::stoi(value));
    if (word == "fail") throw Failure(Exit::permanent, "unable to like it");
    if (word == "signal") ::kill(::getpid(), std::stoi(value));
    if (word == "quit") ::_exit(std::stoi(value));
    if (word == "child" && ::fork() == 0) {
      ::sleep(1);
      ::_exit(0);
    }
    if (word == "keep") mine_ = resident::keep(Fd(::open("/dev/null", O_RDONLY)));
    if (word == "kept") return mine_ && ::fcntl(mine_.get(), F_GETFD) == FD_CLOEXEC ? 0 : 1;
    if (word == "ask") {
      char byte = 0;
      return ::read(self.in, &byte, 1) == 1 ? byte : 200;
    }
    return word == "exit" ? std::stoi(value) : 0;
  }
  std::vector<int> kept() const override {
    return mine_ ? std::vector<int>{mine_.get()} : std::vector<int>{};
  }

 private:
  int jobs_ = 0;
  Fd mine_;
};

}  // namespace

int main(int argc, char** argv) {
  if (resident::is_asked_for(argc, argv))
    return resident::serve("resident-probe", [] { return std::make_unique<Probe>(); }, {.idle_seconds = 2});
  return run_program("resident-probe", argc, argv, [](Process& self) {
    resident::Shift shift;
    return Probe().run(self, shift);
  });
}
