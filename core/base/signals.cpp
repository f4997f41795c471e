#include "core/base/signals.h"

#include <array>
#include <cstddef>
#include <signal.h>

namespace qmail::signals {
namespace {

// The one mutable global: a handler can reach nothing else.
std::array<volatile sig_atomic_t, 65> arrived{};

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

}  // namespace qmail::signals
