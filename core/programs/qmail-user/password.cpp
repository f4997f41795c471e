#include "core/programs/qmail-user/password.h"

#include <cerrno>
#include <csignal>
#include <termios.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/secret.h"

namespace qmail::user {
namespace {

constexpr std::size_t longest = 511;

/// Without an echo while it lives. A signal meanwhile waits until the echo is back.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    sigset_t all;
    ::sigemptyset(&all);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) ::sigaddset(&all, signal);
    ::sigprocmask(SIG_BLOCK, &all, &signals_);
    if (::tcgetattr(terminal_, &before_) < 0) throw Failure::system("read the settings of the terminal");
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    if (::tcsetattr(terminal_, TCSAFLUSH, &silent) < 0)
      throw Failure::system("turn off the echo of the terminal");
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    // There is nothing left to try if this fails.
    static_cast<void>(::tcsetattr(terminal_, TCSAFLUSH, &before_));
    ::sigprocmask(SIG_SETMASK, &signals_, nullptr);
  }

 private:
  int terminal_;
  termios before_{};
  sigset_t signals_{};
};

/// Up to a newline or the end, byte by byte: not through a Reader, which would keep a copy.
std::string read_line(int in) {
  std::string line;
  line.reserve(longest + 1);
  for (char byte = 0;;) {
    const ssize_t got = ::read(in, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Failure::system("read the password");
    if (got == 0 || byte == '\n') return line;
    if (line.size() == longest) {
      wipe(line);
      throw Failure(Exit::permanent, "a password can have 511 bytes at most");
    }
    line += byte;
  }
}

std::string prompt(int in, int err, const std::string& text) {
  static_cast<void>(Writer(err).put(text).flush());
  const Silence silence(in);
  return read_line(in);
}

}  // namespace

std::string ask_password(int in, int err, const std::string& login) {
  if (::isatty(in) == 0) {
    std::string password = read_line(in);
    if (password.empty()) throw Failure(Exit::permanent, "standard input holds no password");
    return password;
  }
  std::string password = prompt(in, err, "New password of " + login + ": ");
  std::string again = prompt(in, err, "Once more: ");
  const bool is_same = is_same_secret(password, again);
  wipe(again);
  if (!is_same) wipe(password);
  if (!is_same) throw Failure(Exit::permanent, "the two passwords differ; nothing is changed");
  return password;
}

}  // namespace qmail::user
