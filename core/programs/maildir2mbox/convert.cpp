#include "core/programs/maildir2mbox/convert.h"

#include <functional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/file_writer.h"
#include "core/base/io.h"
#include "core/base/sys.h"
#include "core/format/mbox.h"
#include "core/mailbox/locked_mbox.h"
#include "core/mailbox/maildir_files.h"

namespace qmail {
namespace {

using mailbox::MaildirFile;

constexpr std::string_view return_path = "Return-Path: <";
constexpr std::string_view unknown_sender = "XXX";  // stock's word for it
/// An envelope sender has at most 1003 bytes, each at most doubled by its quotes.
constexpr std::size_t longest_return_path = 4096;

/// The From_ line for the message in `file`, from the Return-Path that its first line should be.
std::string from_line(const Fd& file, std::int64_t seconds) {
  std::string line;
  Reader(file.get()).line(line, longest_return_path);
  if (!line.starts_with(return_path)) return mbox_from_line(unknown_sender, seconds);
  const std::string_view sender = std::string_view(line).substr(return_path.size());
  return mbox_from_line(sender.starts_with('>') ? "" : sender.substr(0, sender.rfind('>')), seconds);
}

/// Gives `use` all of `file` from its beginning, in pieces. Throws Failure, naming `name`.
void read_file(const Fd& file, const std::string& name, const std::function<void(std::string_view)>& use) {
  if (::lseek(file.get(), 0, SEEK_SET) < 0) throw Failure::system("read " + name);
  Reader reader(file.get());
  for (std::string_view piece = reader.peek(); !piece.empty(); piece = reader.peek()) {
    use(piece);
    reader.take(piece.size());
  }
  if (reader.stopped() == Stop::failed) throw Failure::system("read " + name, reader.error());
}

void append_message(const Directory& maildir, const MaildirFile& message, FileWriter& out) {
  const std::string name = "$MAILDIR/" + message.name;
  const auto file = maildir.find_file(message.name);
  if (!file) throw Failure::system("read " + name, ENOENT);
  out.put(from_line(*file, message.modified));
  MboxQuoter quoter;
  std::string quoted;
  read_file(*file, name, [&](std::string_view piece) {
    quoted.clear();
    quoter.put(piece, quoted);
    out.put(quoted);
  });
  quoted.clear();
  quoter.finish(quoted);
  out.put(quoted);
}

/// Writes `tmp`, synced: what is in `mail` and then the messages.
void write_new_mbox(const std::string& mail, const std::string& tmp, const Directory& maildir,
                    const std::vector<MaildirFile>& messages) {
  const Fd old(::open(mail.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!old) throw Failure::system("read " + mail);
  const Fd file(sys::open_at(AT_FDCWD, tmp.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  if (!file) throw Failure::system("create " + tmp);
  FileWriter out(file.get());
  read_file(old, mail, [&](std::string_view piece) { out.put(piece); });
  for (const MaildirFile& message : messages) append_message(maildir, message, out);
  if (!out.flush()) throw Failure::system("write to " + tmp, out.error());
  if (sys::fsync(file.get()) < 0) throw Failure::system("write to " + tmp);
}

void remove(const Directory& maildir, const std::vector<MaildirFile>& messages, int err) {
  for (const MaildirFile& message : messages) {
    if (sys::unlink_at(maildir.get(), message.name.c_str()) == 0) continue;
    const std::string reason = error_text(errno);
    // Only a warning: the messages are safe, whoever reads it or not.
    static_cast<void>(Writer(err)
                          .put("maildir2mbox: warning: $MAILDIR/" + message.name)
                          .put(" will be delivered twice; unable to unlink: " + reason + "\n")
                          .flush());
  }
}

}  // namespace

int convert_maildir(const Environment& environment, const Clock& clock, int err) {
  ::umask(077);
  const std::string mail(environment.require("MAIL", Exit::temporary));
  const std::string tmp(environment.require("MAILTMP", Exit::temporary));
  const std::string path(environment.require("MAILDIR", Exit::temporary));
  // Relative names of the mbox are relative to the maildir, as in stock.
  if (::chdir(path.c_str()) < 0) throw Failure::system("chdir to " + path);
  const Directory maildir = Directory::open(".");
  mailbox::clean_maildir(maildir, clock.now());
  const auto messages = mailbox::scan_maildir(maildir, {"new", "cur"}, clock.now());
  if (messages.empty()) return 0;

  const mailbox::LockedMbox lock = mailbox::open_locked(mail);
  if (!lock.is_locked) throw Failure::system("lock " + mail, lock.error);
  write_new_mbox(mail, tmp, maildir, messages);
  if (sys::rename_at(AT_FDCWD, tmp.c_str(), AT_FDCWD, mail.c_str()) < 0)
    throw Failure::system("move " + tmp + " to " + mail);
  if (const int error = mailbox::sync_name(mail)) throw Failure::system("sync directory of " + mail, error);
  remove(maildir, messages, err);
  return 0;
}

}  // namespace qmail
