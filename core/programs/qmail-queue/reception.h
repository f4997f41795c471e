// Where the resident qmail-queue takes submissions: its listening socket and those who are connected. What
// they can keep busy is bounded, in connections, memory and time. core/queue/submission.h.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/incoming.h"
#include "core/programs/qmail-queue/shares.h"
#include "core/programs/qmail-queue/watcher.h"

namespace qmail::queue {

/// Somebody who submits a message.
struct Connection {
  Fd socket;
  uid_t uid = 0;
  std::uint64_t qp = 0;
  std::int64_t deadline = 0;
  Incoming incoming{};
  std::size_t held = 0;  ///< what of its user's share of memory it has, or may come to have
  bool watched = false;
};

class Reception {
 public:
  struct Limits {
    std::size_t connections = 4096;
    std::size_t bytes = std::size_t{128} << 20;
    std::int64_t seconds = 300;  ///< for a submission to arrive whole
  };

  /// No process has such a number, so none of the numbers given here is that of a classic qmail-queue.
  static constexpr std::uint64_t first_qp = 4194305;

  /// Below first_qp `name` is what the watcher is to call the listening socket; connections go by their qp.
  Reception(Watcher& watcher, std::uint64_t name, const Clock& clock, const Limits& limits);
  Reception(const Reception&) = delete;

  /// Listens, in place of whoever had the name before. False with errno set if that is not possible.
  [[nodiscard]] bool open(const Directory& home);
  bool is_open() const { return static_cast<bool>(listener_); }
  /// Takes in those who wait to be connected, and nobody after them.
  void close(const Directory& home);

  /// The watcher says that `name` is ready. Who has gone away, or sends what cannot be a message, is dealt
  /// with here.
  void serve(std::uint64_t name);
  /// Those whose submission is complete, or too large for the log. They are not watched any more; each must
  /// come back through answer() or let_go().
  std::vector<Connection> take_ready();
  void answer(const Connection& connection, Code code);
  /// Somebody else answers.
  void let_go(const Connection& connection);

  /// Answers those whose time is over, and tries again what there were no descriptors for. To be called every
  /// second or so while is_idle() is false.
  void tick();
  /// Answers all that are not ready.
  void turn_everybody_away();
  bool is_idle() const { return connections_.empty() && ready_.empty() && !paused_; }

 private:
  using Connections = std::map<std::uint64_t, Connection>;

  /// True if there may be more.
  bool accept_waiting();
  void admit(Fd socket);
  void read(Connections::iterator at);
  /// True if there may be more to read now.
  bool read_piece(Connections::iterator at);
  void hold(Connection& connection, std::size_t bytes);
  void end_reading(Connections::iterator at);
  void watch(Connection& connection);
  void park(Connection& connection);
  void resume_parked(std::size_t most);
  void pause();
  void drop(Connections::iterator at, Code code);

  Watcher& watcher_;
  std::uint64_t name_;
  const Clock& clock_;
  Limits limits_;
  Fd listener_;
  bool paused_ = false;  ///< no descriptors were left to accept anybody
  std::uint64_t next_qp_ = first_qp;
  Connections connections_;  ///< by qp, so the first has been here longest
  std::vector<Connection> ready_;
  std::deque<std::uint64_t> parked_;  ///< not read from until their user has room in memory
  Shares connection_shares_, byte_shares_;
  std::string room_;
};

}  // namespace qmail::queue
