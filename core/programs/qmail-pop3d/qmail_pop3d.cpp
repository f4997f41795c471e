#include "core/programs/qmail-pop3d/qmail_pop3d.h"

#include <csignal>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/pop3/connection.h"
#include "core/programs/qmail-pop3d/session.h"

namespace qmail {
namespace {

constexpr int over = 0;
constexpr int for_root = 1;

int without_maildir(const std::string& why) {
  pop3::say_last("qmail-pop3d", "this user has no $HOME/Maildir", why);
  return over;
}

}  // namespace

int serve_maildir(const Process& self) {
  signals::ignore(SIGPIPE);
  if (self.real_uid == 0) {
    // To qmail-popup it is what a wrong password is.
    static_cast<void>(Writer(self.err).put("qmail-pop3d invoked as uid 0, terminating\n").flush());
    return for_root;
  }
  if (self.args.empty()) return without_maildir("the maildir is missing in the arguments");
  const std::string& name = self.args.front();
  auto maildir = Directory::try_open(name);
  if (!maildir) return without_maildir("unable to open directory " + name + ": " + error_text(errno));
  auto maildrop = pop3d::Maildrop::open(std::move(*maildir), self.clock.now());
  pop3d::Session(self.in, self.out, maildrop).run();
  return over;
}

Ending refuse_maildir() {
  const auto report = [](const std::string& why) {
    pop3::say_last("qmail-pop3d", why == "out of memory" ? why : "unable to scan $HOME/Maildir", why);
  };
  return {.out_of_memory = over, .failure = over, .report = report};
}

}  // namespace qmail
