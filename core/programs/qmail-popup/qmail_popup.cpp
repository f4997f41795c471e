#include "core/programs/qmail-popup/qmail_popup.h"

#include <csignal>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/pop3/connection.h"
#include "core/programs/qmail-popup/login.h"

namespace qmail {
namespace {

constexpr int over = 1;

}  // namespace

int read_login(Process& self) {
  signals::ignore(SIGPIPE);
  if (self.args.size() < 2) {
    // For a client: stock says it there, and by this name.
    static_cast<void>(Writer(self.out).put("-ERR usage: popup hostname subprogram\r\n").flush());
    return over;
  }
  const std::string unique = std::to_string(::getpid()) + "." + std::to_string(self.clock.now());
  popup::Login(self, "<" + unique + "@" + self.args.front() + ">").run();
  return over;
}

Ending refuse_login() {
  const auto report = [](const std::string& why) {
    pop3::say_last("qmail-popup", why == "out of memory" ? why : "unable to go on", why);
  };
  return {.out_of_memory = over, .failure = over, .report = report};
}

}  // namespace qmail
