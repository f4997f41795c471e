// The resident qmail-queue's line to qmail-send: news of messages goes out, orders come in and are written to
// the log. core/queue/link.h. It never waits for qmail-send.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/packet_socket.h"
#include "core/programs/qmail-queue/in_flight.h"
#include "core/programs/qmail-queue/mover.h"
#include "core/queue/link.h"
#include "core/queue/log/log.h"

namespace qmail::queue {

class SendLink {
 public:
  /// `mover` must outlive this object. `most_bytes`: of messages that qmail-send has in memory.
  SendLink(Fd socket, Mover& mover, std::size_t most_bytes)
      : line_(std::move(socket), link::longest_packet), mover_(mover), in_flight_(most_bytes) {}

  int fd() const { return line_.fd(); }
  /// qmail-send is gone.
  bool is_lost() const { return line_.is_lost(); }
  bool has_backlog() const { return line_.backlog() != 0 || is_live_wanted_; }
  void flush();

  /// From now on orders go to `log`. What was live in it is told little by little, so that new messages need
  /// not wait for it.
  void use(queue_log::Log& log);
  /// That all that was live has been told, or that there is nothing to tell it from: as soon as that is true.
  void tell_live();
  /// A message is in the log, durably; `body` is what it consists of.
  void tell_new(const queue_log::Message& message, Number id);
  void tell_placed(const MessagePlaced& placed);
  void tell_leave(Number id) { tell(link::Leave{id}); }
  void tell_drained() { tell(link::Drained{}); }

  /// Does what qmail-send wants, as far as it has said so.
  void take_orders();
  bool drain_wanted() const { return drain_wanted_; }
  /// Tells which orders are written, and which durable, if that has changed.
  void report();

 private:
  void tell(const link::Notice& notice, Fd attached = Fd()) {
    line_.put(link::packet(notice), std::move(attached));
  }
  void replay_some();
  void replay(const queue_log::Replay& found);
  Fd lend(Number id, std::span<const std::string_view> body);

  void obey(const link::Outcome& order);
  void obey(const link::Ended& order);
  void obey(const link::Place& order);
  void obey(const link::Moved& order);
  void obey(const link::Get& order);
  void obey(const link::Drain& order);

  PacketSocket line_;
  Mover& mover_;
  InFlight in_flight_;
  queue_log::Log* log_ = nullptr;
  std::deque<queue_log::Replay> to_replay_;
  bool is_live_wanted_ = false;
  std::uint64_t taken_ = 0, told_written_ = 0, told_synced_ = 0;  ///< serials
  bool drain_wanted_ = false;
  std::string buffer_;
};

}  // namespace qmail::queue
