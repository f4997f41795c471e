#include "core/mailbox/mbox.h"

#include <unistd.h>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/file_writer.h"
#include "core/base/signals.h"
#include "core/base/sys.h"
#include "core/format/mbox.h"
#include "core/mailbox/locked_mbox.h"

namespace qmail::mailbox {
namespace {

Failure unable(const std::string& attempt, int error, const char* code) {
  return {Exit::temporary, "Unable to " + attempt + ": " + error_text(error) + ". " + code};
}

LockedMbox lock(const std::string& path, unsigned seconds) {
  const signals::TimeLimit limit(seconds, static_cast<int>(Exit::temporary),
                                 "File has been locked for 30 seconds straight. (#4.3.0)\n");
  return open_locked(path);
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
  CutBack(int file, off_t length) : file_(file), length_(length) {}
  ~CutBack() {
    // If even this fails, the half message stays, as it does in stock: the failure is already being told.
    if (length_ >= 0) static_cast<void>(sys::ftruncate(file_, length_));
  }
  CutBack(const CutBack&) = delete;
  CutBack& operator=(const CutBack&) = delete;
  void keep() { length_ = -1; }

 private:
  int file_;
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
  const LockedMbox mbox = lock(path, lock_seconds);
  if (!mbox.file) throw unable("open " + path, mbox.error, "(#4.2.1)");
  const int file = mbox.file.get();
  const off_t length = ::lseek(file, 0, SEEK_END);  // -1: not a file that has a length
  // Without a lock, what others append meanwhile would be cut off too.
  CutBack cut_back(file, mbox.is_locked ? length : -1);

  // Before the first byte: a mailbox that holds anything then has a durable name.
  if (const int error = length == 0 ? sync_name(path) : 0) throw unable("write " + path, error, "(#4.3.0)");
  FileWriter out(file);
  if (length > 0 && ends_in_open_line(path, length)) out.put("\n");
  if (const int error = write_message(out, message)) throw unable("read message", error, "(#4.3.0)");
  if (!out.flush()) throw unable("write " + path, out.error(), "(#4.3.0)");
  if (sys::fsync(file) < 0) throw unable("write " + path, errno, "(#4.3.0)");
  cut_back.keep();
}

}  // namespace qmail::mailbox
