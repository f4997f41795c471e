#include "core/mailbox/mbox.h"

#include <cstdlib>
#include <memory>
#include <sys/file.h>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/file_writer.h"
#include "core/base/signals.h"
#include "core/base/sys.h"
#include "core/format/mbox.h"

namespace qmail::mailbox {
namespace {

Failure unable(const std::string& attempt, int error, const char* code) {
  return {Exit::temporary, "Unable to " + attempt + ": " + std::strerror(error) + ". " + code};
}

/// False if the file cannot be locked here at all; stock then appends without a lock.
bool lock(const Fd& file, unsigned seconds) {
  const signals::TimeLimit limit(seconds, static_cast<int>(Exit::temporary),
                                 "File has been locked for 30 seconds straight. (#4.3.0)\n");
  return ::flock(file.get(), LOCK_EX) == 0;
}

/// Makes the name of an empty, perhaps new, mbox durable: 0 or an errno.
int sync_name(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (!real) return errno;
  const std::string name = real.get();
  const std::string folder = name.substr(0, std::max<std::size_t>(name.rfind('/'), 1));
  const Fd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A spool that users may write but not list cannot be synced by them either.
  if (!directory) return errno == EACCES ? 0 : errno;
  return sys::fsync(directory.get()) < 0 ? errno : 0;
}

/// True if the last byte before `length` is no newline: what a delivery left that was killed half-way.
bool ends_in_open_line(const std::string& path, off_t length) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  char last = '\n';
  return file && ::pread(file.get(), &last, 1, length - 1) == 1 && last != '\n';
}

/// Cuts the file back to the length it had, unless it was told that all went well.
class CutBack {
 public:
  CutBack(const Fd& file, off_t length) : file_(file), length_(length) {}
  ~CutBack() {
    // If even this fails, the half message stays, as it does in stock: the failure is already being told.
    if (length_ >= 0) static_cast<void>(sys::ftruncate(file_.get(), length_));
  }
  CutBack(const CutBack&) = delete;
  CutBack& operator=(const CutBack&) = delete;
  void keep() { length_ = -1; }

 private:
  const Fd& file_;
  off_t length_;
};

/// Returns 0 or the errno of a read that failed; what went wrong in writing, `out` knows.
int write_message(FileWriter& out, const Message& message) {
  out.put(message.from_line).put(message.head);
  MboxQuoter quoter;
  std::string quoted;
  const int read_error = read_message(message, [&](std::string_view piece) {
    quoted.clear();
    quoter.put(piece, quoted);
    return out.put(quoted).error() == 0;
  });
  quoted.clear();
  quoter.finish(quoted);
  out.put(quoted);
  return read_error;
}

}  // namespace

void append_to_mbox(const std::string& path, const Message& message, unsigned lock_seconds) {
  const int flags = O_WRONLY | O_NONBLOCK | O_APPEND | O_CREAT;
  const Fd file(sys::open_at(AT_FDCWD, path.c_str(), flags, 0600));
  if (!file) throw unable("open " + path, errno, "(#4.2.1)");
  const bool is_locked = lock(file, lock_seconds);
  const off_t length = ::lseek(file.get(), 0, SEEK_END);  // -1: not a file that has a length
  CutBack cut_back(file, is_locked ? length : -1);

  // Before the first byte: a mailbox that holds anything then has a durable name.
  if (const int error = length == 0 ? sync_name(path) : 0) throw unable("write " + path, error, "(#4.3.0)");
  FileWriter out(file.get());
  if (length > 0 && ends_in_open_line(path, length)) out.put("\n");
  if (const int error = write_message(out, message)) throw unable("read message", error, "(#4.3.0)");
  if (!out.flush()) throw unable("write " + path, out.error(), "(#4.3.0)");
  if (sys::fsync(file.get()) < 0) throw unable("write " + path, errno, "(#4.3.0)");
  cut_back.keep();
}

}  // namespace qmail::mailbox
