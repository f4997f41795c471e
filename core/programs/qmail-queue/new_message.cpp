#include "core/programs/qmail-queue/new_message.h"

#include <sys/stat.h>

#include "core/base/sys.h"
#include "core/programs/qmail-queue/endings.h"

namespace qmail::queue {
namespace {

constexpr mode_t file_mode = 0644;
constexpr unsigned last_attempt = 9;

/// A file without a name, on the filesystem of `folder`; none where that is not possible.
Fd open_without_name(const Layout& queue, const std::string& folder) {
  return Fd(sys::open_at(queue.fd(), folder.c_str(), O_TMPFILE | O_WRONLY, file_mode));
}

/// It gets its name through /proc, which a chroot may lack.
bool can_be_named(const OutFile& file) {
  const std::string entry = "/proc/self/fd/" + std::to_string(file.fd());
  return ::faccessat(AT_FDCWD, entry.c_str(), F_OK, 0) == 0;
}

Fd create(const Layout& queue, const std::string& name) {
  return Fd(sys::open_at(queue.fd(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL, file_mode));
}

}  // namespace

void OutFile::put(std::string_view bytes) {
  if (writer_.put(bytes).error() != 0) throw refusal(Code::write_error, "write");
}

void OutFile::flush() {
  if (!writer_.flush()) throw refusal(Code::write_error, "write");
}

void OutFile::sync() {
  flush();
  if (sys::fsync(fd()) < 0) throw refusal(Code::write_error, "sync");
}

// Delegating, so that the destructor runs if this one throws.
NewMessage::NewMessage(const Layout& queue, pid_t pid, std::int64_t start) : NewMessage(queue) {
  unnamed_ = open_unnamed();
  if (!unnamed_) open_named(pid, start);
}

NewMessage::~NewMessage() {
  if (named_intd_) {
    if (sys::unlink_at(queue_.fd(), name_of(Part::intd, number_).c_str()) < 0) return;
    // mess must not be gone while intd is still there.
    if (queue_.sync(folder_of(Part::intd, number_)) < 0) return;
  }
  // If it cannot be removed, qmail-clean will do so later.
  if (named_mess_) static_cast<void>(sys::unlink_at(queue_.fd(), name_of(Part::mess, number_).c_str()));
}

bool NewMessage::open_unnamed() {
  // Whatever is wrong here, the other way finds it again and has an exit code for it.
  message_ = OutFile(open_without_name(queue_, pid_folder));
  if (message_.fd() < 0 || !can_be_named(message_)) return false;
  envelope_ = OutFile(open_without_name(queue_, std::string(folder_of(Part::intd))));
  if (envelope_.fd() < 0) return false;
  take_number();
  return true;
}

void NewMessage::open_named(pid_t pid, std::int64_t start) {
  for (unsigned attempt = 1; attempt <= last_attempt; ++attempt) {
    const std::string name = pid_name(pid, start, attempt);
    message_ = OutFile(create(queue_, name));
    if (message_.fd() >= 0) return name_message_after(name);
  }
  throw refusal(Code::pid, "create file in pid");
}

void NewMessage::name_message_after(const std::string& pid_name) {
  take_number();
  const std::string name = name_of(Part::mess, number_);
  const int linked = sys::link_at(queue_.fd(), pid_name.c_str(), queue_.fd(), name.c_str());
  named_mess_ = linked == 0;
  const int removed = sys::unlink_at(queue_.fd(), pid_name.c_str());
  if (linked < 0) throw refusal(Code::mess, "link to mess");
  if (removed < 0) throw refusal(Code::pid, "remove file in pid");
}

void NewMessage::take_number() {
  struct stat status {};
  if (::fstat(message_.fd(), &status) < 0) throw refusal(Code::pid, "stat");
  number_ = status.st_ino;
}

OutFile& NewMessage::start_envelope() {
  if (unnamed_) return envelope_;
  sync_message();
  envelope_ = OutFile(create(queue_, name_of(Part::intd, number_)));
  if (envelope_.fd() < 0) throw refusal(Code::intd, "create file in intd");
  named_intd_ = true;
  return envelope_;
}

void NewMessage::accept() {
  if (unnamed_) {
    name_unnamed_message();
    sync_message();
  }
  envelope_.sync();
  name_in_todo();
}

void NewMessage::name_unnamed_message() {
  // Before the sync, which then makes content and name durable in one go where the filesystem can.
  message_.flush();
  if (sys::link_fd(message_.fd(), queue_.fd(), name_of(Part::mess, number_).c_str()) < 0)
    throw refusal(Code::mess, "link to mess");
  named_mess_ = true;
}

void NewMessage::sync_message() {
  message_.sync();
  sync_folder(Part::mess);
}

void NewMessage::name_in_todo() {
  const std::string todo = name_of(Part::todo, number_);
  const int linked =
      unnamed_ ? sys::link_fd(envelope_.fd(), queue_.fd(), todo.c_str())
               : sys::link_at(queue_.fd(), name_of(Part::intd, number_).c_str(), queue_.fd(), todo.c_str());
  if (linked < 0) throw refusal(Code::todo, "link to todo");
  // From here on qmail-send may have seen it: mess and intd are no longer ours to remove.
  named_mess_ = false;
  named_intd_ = false;
  if (queue_.sync(folder_of(Part::todo, number_)) == 0) return;
  // If even this fails the message may come twice; it cannot be lost.
  if (sys::unlink_at(queue_.fd(), todo.c_str()) == 0)
    static_cast<void>(queue_.sync(folder_of(Part::todo, number_)));
  throw refusal(Code::write_error, "sync todo");
}

void NewMessage::sync_folder(Part part) const {
  if (queue_.sync(folder_of(part, number_)) < 0) throw refusal(Code::write_error, "sync folder");
}

}  // namespace qmail::queue
