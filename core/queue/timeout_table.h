// The file lock/tcpto, through which deliveries tell each other of hosts that do not answer, so that not
// every message waits for them. Written by qmail-remote, cleared by qmail-tcpok and whenever qmail-rspawn
// starts, printed by qmail-tcpto. The table is a help, not a record: where it cannot be used, mail goes on
// without it.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/queue/timeout_records.h"

namespace qmail::queue {

/// `listed`: connecting to it is worth a try, but tell answered() if it works.
enum class HostStanding { unlisted, listed, avoid };

class TimeoutTable {
 public:
  /// `home` must outlive this object.
  explicit TimeoutTable(const Directory& home) : home_(home) {}

  /// `avoid` after two timeouts, for 64 to 97 minutes: `process`, any number, spreads the next attempts.
  HostStanding standing(const Ip& ip, std::int64_t now, unsigned process) const;
  void timed_out(const Ip& ip, std::int64_t now);
  void answered(const Ip& ip);

  /// The hosts in it, in the order of the file. Throws Failure.
  std::vector<Timeout> list() const;
  /// Empties it. Returns what kept it from doing so, for the caller to tell or to ignore.
  std::optional<Failure> clear();

 private:
  template <typename Note>
  void change(Note note);

  const Directory& home_;
};

}  // namespace qmail::queue
