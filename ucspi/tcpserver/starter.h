// A process that starts programs for the server. Starting one without a copy of oneself, vfork(2), is the
// cheapest way, but whoever does it stands still until the program is there, and the server must not.
#pragma once
#include <cstddef>
#include <optional>
#include <sys/types.h>

#include "core/base/fd.h"
#include "core/base/resident.h"

namespace qmail::ucspi {

/// How a start ended.
struct Started {
  pid_t pid;  ///< a child of the server; 0 if there is none
  int error;  ///< why it is not the program; 0 if it is
};

/// It leaves when the server has closed its end.
class Starter {
 public:
  /// Forks. None, with errno set, if that is not possible.
  static std::optional<Starter> make();

  pid_t pid() const { return pid_; }
  /// Readable when there is an answer to take.
  int fd() const { return socket_.get(); }
  /// Asks for a program, with the first descriptor of `job` as its 0 and 1. False, with errno set, if it
  /// cannot be asked now.
  bool ask(const resident::Job& job);
  /// The answers, in the order of the questions; none if there is none yet, or no more: see is_lost().
  std::optional<Started> take();
  bool is_lost() const { return lost_; }

 private:
  Starter(pid_t pid, Fd socket) : pid_(pid), socket_(std::move(socket)) {}

  pid_t pid_;
  Fd socket_;
  std::size_t unanswered_ = 0;
  bool lost_ = false;
};

}  // namespace qmail::ucspi
