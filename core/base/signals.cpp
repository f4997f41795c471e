#include "core/base/signals.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <signal.h>
#include <unistd.h>

namespace qmail::signals {
namespace {

struct LastExit {
  int code = 0;
  const char* words = "";
};

// The only mutable globals: a handler can reach nothing else.
std::array<volatile sig_atomic_t, 65> arrived{};
std::array<LastExit, 65> exits{};

void end_process(int number) {
  const LastExit& last = exits[static_cast<std::size_t>(number)];
  // Whether anybody hears it changes nothing now.
  static_cast<void>(!::write(2, last.words, std::strlen(last.words)));
  ::_exit(last.code);
}

void set_handler(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

void change_mask(int how, int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  ::sigprocmask(how, &set, nullptr);
}

}  // namespace

void ignore(int number) { set_handler(number, SIG_IGN); }
void set_default(int number) { set_handler(number, SIG_DFL); }
void catch_flag(int number) { set_handler(number, &raise_flag); }
void catch_exit(int number, int code, const char* last_words) {
  exits[static_cast<std::size_t>(number)] = {code, last_words};
  set_handler(number, &end_process);
}

void raise_flag(int number) { arrived[static_cast<std::size_t>(number)] = 1; }

bool take(int number) {
  volatile sig_atomic_t& flag = arrived[static_cast<std::size_t>(number)];
  if (flag == 0) return false;
  flag = 0;
  return true;
}

void block(int number) { change_mask(SIG_BLOCK, number); }
void unblock(int number) { change_mask(SIG_UNBLOCK, number); }

void unblock_all() {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

TimeLimit::TimeLimit(unsigned seconds, int code, const char* last_words) {
  catch_exit(SIGALRM, code, last_words);
  ::alarm(seconds);
}

TimeLimit::~TimeLimit() {
  ::alarm(0);
  set_default(SIGALRM);
}

}  // namespace qmail::signals
