// The programs that are being started.
#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "ucspi/tcpserver/file_limit.h"
#include "ucspi/tcpserver/starter.h"
#include "ucspi/tcpserver/visit.h"
#include "ucspi/tcpserver/watch.h"

namespace qmail::ucspi {

/// A few starters, one for each processor at most, that are there from the first time they are needed.
class Starters {
 public:
  /// Both must outlive this object.
  Starters(Watch& watch, const FileLimit& files);

  /// Has the visit's program started, and keeps the visit meanwhile. False, and the visit is as it was, if
  /// that is not possible now.
  bool start(Visit& visit);
  /// True if take() is to be called when there is something to read on `fd`.
  bool has(int fd) const { return starters_.count(fd) > 0; }
  /// The visits whose start is over.
  std::vector<std::pair<Visit, Started>> take(int fd);
  bool is_idle() const;
  /// True if a child that was reaped is no session but one of this object's own processes.
  bool was_mine(pid_t child) { return processes_.erase(child) > 0; }

 private:
  struct Starting {
    Starter starter;
    std::deque<Visit> visits;  ///< in the order of its answers
  };
  Starting* find();
  bool hire();

  Watch& watch_;
  const FileLimit& files_;
  std::size_t most_;
  std::map<int, Starting> starters_;  ///< by descriptor
  std::set<pid_t> processes_;
};

}  // namespace qmail::ucspi
