#include "core/programs/maildirwatch/watch.h"

#include <string>
#include <string_view>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/text.h"
#include "core/mailbox/maildir_files.h"
#include "core/mailbox/message_text.h"

namespace qmail {
namespace {

constexpr unsigned pause_seconds = 30;
constexpr std::size_t two_lines = 158;  // as stock
constexpr std::string_view cleared_screen = "\033[;H\033[;J";
constexpr std::string_view bold = "\033[1m";
constexpr std::string_view plain = "\033[0m";

Directory open_maildir(const std::string& path) {
  if (auto maildir = Directory::try_open(path)) return std::move(*maildir);
  throw Failure::system("chdir to " + path);
}

/// What strangers wrote must not reach the terminal as a command.
void show(const mailbox::Summary& summary, Writer& out) {
  out.put("FROM ").put(printable(summary.sender, '?'));
  out.put(" TO <").put(printable(summary.recipient, '?')).put(">\n");
  if (!summary.from.empty()) out.put(bold).put(printable(summary.from, '/')).put(plain).put("\n");
  out.put(printable(summary.text, '/')).put("\n\n");
}

}  // namespace

int watch_maildir(const Environment& environment, const Clock& clock, int out,
                  const std::function<bool(unsigned seconds)>& pause) {
  const Directory maildir = open_maildir(std::string(environment.require("MAILDIR", Exit::temporary)));
  Writer screen(out);
  do {
    mailbox::clean_maildir(maildir, clock.now());
    const auto messages = mailbox::scan_maildir(maildir, {"new"}, clock.now());
    screen.put(cleared_screen);
    for (const mailbox::MaildirFile& message : messages) {
      const Fd file = maildir.try_file(message.name);
      // Somebody has read or removed it meanwhile.
      if (!file) continue;
      show(mailbox::summarize(file.get(), two_lines), screen);
    }
    screen.flush_or_throw("the summary");
  } while (pause(pause_seconds));
  return 0;
}

}  // namespace qmail
