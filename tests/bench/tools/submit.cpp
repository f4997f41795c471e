// submit [--times N] [--uid U --gid G] [--size BYTES] [--folder MAILDIR/new] -- COMMAND ARGUMENT...
// Runs a submission command N times, one after the other, as an ordinary user, with a message on its standard
// input. With --folder the next one starts when the message is there. Prints one line of JSON with the times
// in milliseconds: of the command itself (exit_...), and until the message appeared (...).
#include <algorithm>
#include <cmath>
#include <fcntl.h>
#include <grp.h>
#include <iostream>
#include <poll.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "moment.h"
#include "options.h"
#include "socket.h"

namespace {

constexpr int patience_ms = 15000;

void become(uid_t uid, gid_t gid) {
  if (::setgroups(0, nullptr) < 0 || ::setresgid(gid, gid, gid) < 0 || ::setresuid(uid, uid, uid) < 0)
    bench::fail("unable to become the user");
}

bench::Socket message(std::size_t size) {
  std::string text = "Subject: one of many\nTo: list@bench.test\n\n";
  const std::string line = "The same few words again and again until the message is long enough\n";
  while (text.size() < size) text += line;
  bench::Socket file(::memfd_create("message", MFD_CLOEXEC));
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    bench::fail("unable to write a message");
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

pid_t start(const std::vector<std::string>& command, int input) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  const int error = ::posix_spawn(&child, command[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("unable to start " + command[0] + ": " + std::strerror(error));
  return child;
}

void drain(int events) {
  char buffer[4096];
  while (::read(events, buffer, sizeof buffer) > 0) continue;
}

struct Times {
  std::vector<double> exit;
  std::vector<double> seen;
  long failed = 0;
};

/// One submission: the command's end and the message's appearance come in either order.
void submit_once(const std::vector<std::string>& command, std::size_t size, int events, Times& times) {
  const bench::Socket input = message(size);
  const double begin = bench::moment();
  const pid_t child = start(command, input.get());
  const bench::Socket process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  double ended = 0;
  double seen = 0;
  while (ended == 0 || (events >= 0 && seen == 0)) {
    pollfd waiting[] = {{ended == 0 ? process.get() : -1, POLLIN, 0}, {seen == 0 ? events : -1, POLLIN, 0}};
    if (::poll(waiting, 2, patience_ms) <= 0) break;
    if (waiting[0].revents != 0) ended = bench::moment();
    if (waiting[1].revents != 0) {
      seen = bench::moment();
      drain(events);
    }
  }
  int status = -1;
  ::waitpid(child, &status, ended == 0 ? WNOHANG : 0);
  if (status != 0 || (events >= 0 && seen == 0)) {
    ++times.failed;
    return;
  }
  times.exit.push_back((ended - begin) * 1000);
  times.seen.push_back(((events >= 0 ? seen : ended) - begin) * 1000);
}

void print(const char* prefix, std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  for (const int percent : {50, 90, 99}) {
    const double rank = std::ceil(static_cast<double>(values.size()) * percent / 100);
    std::cout << ", \"" << prefix << "p" << percent
              << "\": " << values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
  }
}

int run(const bench::Options& options) {
  const std::string folder = options.text("folder", "");
  const bench::Socket events(folder.empty() ? -1 : ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (events && ::inotify_add_watch(events.get(), folder.c_str(), IN_CREATE | IN_MOVED_TO) < 0)
    bench::fail("unable to watch " + folder);
  if (options.has("uid"))
    become(static_cast<uid_t>(options.number("uid", 0)), static_cast<gid_t>(options.number("gid", 0)));
  Times times;
  const auto size = static_cast<std::size_t>(options.number("size", 4096));
  for (long i = 0; i < options.number("times", 1); ++i)
    submit_once(options.rest(), size, events.get(), times);
  std::cout << "{\"submitted\": " << times.exit.size() << ", \"failed\": " << times.failed;
  if (!times.exit.empty()) {
    print("", times.seen);
    print("exit_", times.exit);
  }
  std::cout << "}" << std::endl;
  return times.failed != 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(bench::Options(argc, argv));
  } catch (const std::exception& e) {
    std::cerr << "submit: " << e.what() << "\n";
    return 2;
  }
}
