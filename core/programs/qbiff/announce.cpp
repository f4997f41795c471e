#include "core/programs/qbiff/announce.h"

#include <sys/stat.h>

#include "core/base/text.h"
#include "core/mailbox/message_text.h"
#include "core/programs/qbiff/logins.h"

namespace qmail {
namespace {

constexpr std::string_view margin = "    ";
constexpr std::size_t one_line = 78;  // as stock

/// None of it is a command to the terminal, whoever wrote it.
std::string announcement(std::string_view recipient, std::string_view sender, int message) {
  const std::string head = "*** TO <" + std::string(recipient) + "> FROM <" + std::string(sender) + ">";
  const std::string text = mailbox::summarize(message, one_line - margin.size()).text;
  return "\r\n\a" + printable(head, '_') + "\r\n" + std::string(margin) + printable(text, '/') + "\r\n";
}

/// A terminal says by its owner's right to execute it whether it may be disturbed.
bool allows_it(const Fd& terminal, uid_t owner) {
  struct stat status {};
  return ::fstat(terminal.get(), &status) == 0 && S_ISCHR(status.st_mode) && status.st_uid == owner &&
         (status.st_mode & S_IXUSR) != 0;
}

}  // namespace

int announce_message(const Process& self, const Terminals& terminals) {
  const auto user = self.environment.find("USER");
  const auto sender = self.environment.find("SENDER");
  const auto recipient = self.environment.find("LOCAL");
  if (!user || !sender || !recipient) return 0;
  const Directory devices = Directory::open(terminals.devices);
  const std::string text = announcement(*recipient, *sender, self.in);
  for (const std::string& name : terminals_of(*user, terminals.logins)) {
    // Without O_NONBLOCK a terminal that was stopped would hold up the delivery.
    const int flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const Fd terminal(::openat(devices.get(), name.c_str(), flags));
    if (!terminal || !allows_it(terminal, self.real_uid)) continue;
    // It is a courtesy: one that is not heard is not repeated.
    static_cast<void>(::write(terminal.get(), text.data(), text.size()) < 0);
  }
  return 0;
}

Ending never_mind() {
  return {.out_of_memory = 0, .failure = 0, .report = [](const std::string&) {}};
}

}  // namespace qmail
