// The mover: a child of the resident qmail-queue that does what takes its time, so that nobody who submits a
// message waits for it. core/queue/log/mover.h is its work; this is its process and the way to it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <sys/types.h>
#include <variant>
#include <vector>

#include "core/base/packet_socket.h"
#include "core/queue/layout.h"
#include "core/queue/log/message.h"

namespace qmail::queue {

/// What the mover is to do.
struct MakeSegment {
  std::uint32_t number = 0;
};
struct MakeSpares {
  std::uint32_t count = 0;
};
using MoverTask = std::variant<MakeSegment, MakeSpares, queue_log::Place>;

/// What has come of it; errors are as errno.
struct SegmentMade {
  std::uint32_t number = 0;
  std::uint32_t error = 0;
};
struct SparesMade {
  std::vector<Number> numbers;
  std::uint32_t error = 0;  ///< why these are fewer than wanted
};
struct MessagePlaced {
  Number id = 0;
  std::uint32_t error = 0;
};
using MoverResult = std::variant<SegmentMade, SparesMade, MessagePlaced>;

std::string packet(const MoverTask& task);
std::string packet(const MoverResult& result);
std::optional<MoverTask> parse_mover_task(std::string_view packet);
std::optional<MoverResult> parse_mover_result(std::string_view packet);

/// The work itself.
SegmentMade made_segment(const Layout& layout, std::uint32_t number);
SparesMade made_spares(const Layout& layout, std::size_t count);

/// The mover's process: works until its socket ends.
void run_mover(const Layout& layout, Fd socket);

/// The resident's end. Tasks survive the mover's death: the next one gets them.
class Mover {
 public:
  explicit Mover(const Layout& layout) : layout_(layout) {}

  /// Starts the process, which must not run. False with errno set if there is none to be had now.
  bool start();
  pid_t pid() const { return pid_; }
  /// To be read from; -1 while it does not run.
  int fd() const { return line_ ? line_->fd() : -1; }
  /// It has ended: start() is due.
  void ended();
  /// Ends it, wherever it is: what it leaves is what a crash would leave.
  void stop();

  void make_segment(std::uint32_t number);
  void make_spares(std::size_t count);
  void place(const queue_log::Place& place);
  /// Segments or spares.
  bool is_making() const { return segment_ || spares_; }
  /// Sends what waits to be sent.
  void flush();
  bool has_backlog() const { return line_ && line_->backlog() != 0; }

  /// The next result; none if there is none now.
  std::optional<MoverResult> take();

 private:
  void send(const MoverTask& task);

  const Layout& layout_;
  pid_t pid_ = 0;
  std::optional<PacketSocket> line_;
  std::optional<MakeSegment> segment_;
  std::optional<MakeSpares> spares_;
  std::map<Number, queue_log::Place> places_;
};

}  // namespace qmail::queue
