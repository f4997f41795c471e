// The files of one message on its way into the queue, from nothing to the name in todo that makes it
// accepted. The order of steps, and why, is in docs/internals/queue.md.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/base/fd.h"
#include "core/base/file_writer.h"
#include "core/queue/layout.h"

namespace qmail::queue {

/// A file being written. Throws a refusal: write_error.
class OutFile {
 public:
  OutFile() = default;
  explicit OutFile(Fd fd) : fd_(std::move(fd)), writer_(fd_.get()) {}

  void put(std::string_view bytes);
  void flush();
  /// Everything put is durable on return.
  void sync();
  int fd() const { return fd_.get(); }

 private:
  Fd fd_;
  FileWriter writer_{-1};
};

/// Where the filesystem can, both files are written without a name and linked when complete, so that
/// nothing is left of a message that comes to nothing. Elsewhere the message gets its name first, by way of
/// pid, as in stock, and the destructor removes what was not accepted. Everything throws a refusal.
class NewMessage {
 public:
  /// `pid` and `start` make the name in the pid folder unique.
  NewMessage(const Layout& queue, pid_t pid, std::int64_t start);
  NewMessage(const NewMessage&) = delete;
  NewMessage& operator=(const NewMessage&) = delete;
  ~NewMessage();

  OutFile& message() { return message_; }
  /// The message is complete; what follows is its envelope.
  OutFile& start_envelope();
  /// On return the message is in the queue and survives power loss. If this throws it is not, but what is
  /// left of it may stay for qmail-clean.
  void accept();

 private:
  explicit NewMessage(const Layout& queue) : queue_(queue) {}
  bool open_unnamed();
  void open_named(pid_t pid, std::int64_t start);
  void name_message_after(const std::string& pid_name);
  void take_number();
  void name_unnamed_message();
  void sync_message();
  void name_in_todo();
  void sync_folder(Part part) const;

  const Layout& queue_;
  OutFile message_, envelope_;
  Number number_ = 0;
  bool unnamed_ = false;
  bool named_mess_ = false;  ///< and ours to remove
  bool named_intd_ = false;  ///< and ours to remove
};

}  // namespace qmail::queue
