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

/// What this process found before it first set a signal.
struct Original {
  bool is_known = false;
  void (*handler)(int) = SIG_DFL;
};

// The only mutable globals: a handler can reach nothing else, and dispositions are as global as they are.
std::array<volatile sig_atomic_t, 65> arrived{};
std::array<LastExit, 65> exits{};
std::array<Original, 65> originals{};

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
  struct sigaction before {};
  ::sigaction(number, &action, &before);
  Original& original = originals[static_cast<std::size_t>(number)];
  if (!original.is_known) original = {true, before.sa_handler};
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

bool is_ignored(int number) {
  struct sigaction now {};
  ::sigaction(number, nullptr, &now);
  return now.sa_handler == SIG_IGN;
}

void restore() {
  ::alarm(0);
  for (std::size_t number = 0; number < originals.size(); ++number) {
    if (!originals[number].is_known) continue;
    set_handler(static_cast<int>(number), originals[number].handler);
    originals[number].is_known = false;
    arrived[number] = 0;
  }
  unblock_all();
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
