// The resident qmail-queue: takes messages through a socket, writes them to the queue's log, and tells
// qmail-send. One loop, one thread; all messages that are complete at one moment share one commit.
// qmail-queue(8), docs/internals/queue.md.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/base/program.h"
#include "core/programs/qmail-queue/mover.h"
#include "core/programs/qmail-queue/reception.h"
#include "core/programs/qmail-queue/send_link.h"
#include "core/programs/qmail-queue/watcher.h"
#include "core/queue/layout.h"
#include "core/queue/log/log.h"
#include "core/users/ids.h"

namespace qmail::queue {

struct Residence {
  const Directory& home;
  const Clock& clock;
  Fd link;  ///< to qmail-send
  int log;  ///< where the lines of qmail-log(5) go
  Reception::Limits limits{};
  queue_log::Settings log_settings{};
};

class Resident {
 public:
  /// Throws Failure.
  explicit Resident(Residence residence);
  Resident(const Resident&) = delete;

  /// Runs until qmail-send is gone.
  void run();

 private:
  /// A message in the log that waits for the commit. The log looks at it until then.
  struct Waiting {
    explicit Waiting(Connection submitter) : connection(std::move(submitter)) {}
    Connection connection;
    std::string received;
    std::array<std::string_view, 2> body{};
    queue_log::Message message{};
    Number id = 0;
  };

  /// A complete message for which the mover is making room in the log.
  struct Early {
    Connection connection;
    std::int64_t until = 0;  ///< when it goes another way
  };

  void wait();
  int patience() const;
  void serve(std::uint64_t name);
  void use_log();
  void make_first();
  void tell_of_missing_log(const std::string& reason);

  void take_submissions();
  void submit(Connection connection);
  std::optional<queue_log::Refusal> put_into_log(Connection& connection);
  bool is_worth_waiting(queue_log::Refusal refusal);
  void retry_early();
  void go_another_way(Connection connection, queue_log::Refusal refusal);
  std::variant<Number, queue_log::Refusal> append(Waiting& waiting);
  void hand_over(Connection connection);
  void settle();
  void write_log();
  void commit();
  void answer_waiting(bool durable);

  void want_from_mover();
  void take_from_mover();
  void work(const SegmentMade& made);
  void work(const SparesMade& made);
  void work(const MessagePlaced& placed);
  void want_room();
  void not_made(std::string_view what, std::uint32_t error);
  void reap_children();
  void start_mover();

  void drain();
  void say(const std::string& line) const;

  Residence world_;
  Layout layout_;
  users::Ids ids_;
  Watcher watcher_;
  Fd child_signals_;
  Mover mover_;
  SendLink link_;
  Reception reception_;
  std::unique_ptr<queue_log::Log> log_;
  bool is_live_ = false;  ///< qmail-send knows all it is told at the start
  bool must_restart_ = false;
  std::int64_t log_due_ = 0;     ///< when to try again to open the log
  std::string missing_because_;  ///< why there is none, as last told
  bool may_make_ = true;         ///< segments and spares; false for a while after that failed
  std::int64_t make_due_ = 0;
  std::int64_t room_due_ = 0;    ///< not before, messages are asked to leave the log again
  std::int64_t commit_due_ = 0;  ///< not before, after one that failed

  std::vector<std::unique_ptr<Waiting>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::deque<Early> early_;
  std::vector<Connection> stuck_;  ///< complete, and neither log nor a child has room
  std::size_t children_ = 0;       ///< at work for submissions that do not go into the log

  std::optional<std::int64_t> drain_deadline_;
  bool drained_ = false;
};

/// The program as its daemon starts it: descriptor 0 leads to qmail-send, 2 is the log. Throws Failure.
int run_resident(Process& self);

}  // namespace qmail::queue
