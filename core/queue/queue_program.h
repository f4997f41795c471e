// A qmail-queue of one's own, or the program $QMAILQUEUE names, as a child that is fed one message.
// qmail-queue(8).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/base/io.h"

namespace qmail::queue {

/// put() the message, start_envelope(), put() the envelope, then end(). The process must ignore SIGPIPE. If
/// destroyed before end(), the program sees a cut envelope and keeps nothing.
class QueueProgram {
 public:
  /// None, with errno set, if there are no descriptors or processes left.
  static std::optional<QueueProgram> try_start(const Directory& home, const Environment& environment);
  QueueProgram(QueueProgram&& other) noexcept;
  ~QueueProgram();

  void put(std::string_view bytes) { writer_->put(bytes); }
  void start_envelope();
  pid_t pid() const { return child_.value_or(0); }
  /// How it ended: empty or a reply, as Client::close() has it.
  std::string end();

 private:
  QueueProgram() = default;

  Fd message_, envelope_, reply_;
  std::optional<Writer> writer_;
  std::optional<pid_t> child_;
  bool lost_ = false;
};

/// The reply for an exit code of qmail-queue; `text` is what it wrote to descriptor 6 (used with code 82).
std::string reply_for(int exit_code, std::string_view text);

}  // namespace qmail::queue
