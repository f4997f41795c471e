#include "core/programs/qmail-queue/send_link.h"

#include <cerrno>
#include <utility>
#include <variant>

#include "core/programs/qmail-queue/sealed_file.h"

namespace qmail::queue {
namespace {

/// What waits to be sent holds its descriptor open: beyond this, qmail-send asks for the message later.
constexpr std::size_t most_waiting_descriptors = 64;
/// What is new waits behind it.
constexpr std::size_t most_waiting_replayed = 16;

std::size_t size_of(std::span<const std::string_view> body) {
  std::size_t size = 0;
  for (const std::string_view piece : body) size += piece.size();
  return size;
}

}  // namespace

void SendLink::use(queue_log::Log& log) {
  log_ = &log;
  for (queue_log::Replay& found : log.take_replay()) to_replay_.push_back(std::move(found));
}

void SendLink::tell_live() {
  is_live_wanted_ = true;
  replay_some();
}

void SendLink::flush() {
  line_.flush();
  replay_some();
}

void SendLink::replay_some() {
  for (; !to_replay_.empty() && line_.backlog() < most_waiting_replayed; to_replay_.pop_front())
    replay(to_replay_.front());
  if (to_replay_.empty() && std::exchange(is_live_wanted_, false)) tell(link::Live{});
}

void SendLink::replay(const queue_log::Replay& found) {
  const auto stored = log_->read(found.id, buffer_);
  // It was whole a moment ago, but nobody can deliver it, and it would be in the way for ever.
  if (!stored) return log_->give_up(found.id);
  tell(link::New{.id = found.id,
                 .birth = stored->origin.birth,
                 .qp = stored->origin.qp,
                 .uid = stored->origin.uid,
                 .size = stored->body.size(),
                 .replayed = true,
                 .envelope = stored->envelope});
  for (const queue_log::Outcome& outcome : found.outcomes)
    tell(link::Earlier{.id = found.id, .index = outcome.index, .kind = outcome.kind, .text = outcome.text});
}

Fd SendLink::lend(Number id, std::span<const std::string_view> body) {
  Fd file = sealed_file(body);
  if (file) in_flight_.add(id, size_of(body));
  return file;
}

void SendLink::tell_new(const queue_log::Message& message, Number id) {
  const std::size_t size = size_of(message.body);
  const bool lends = in_flight_.has_room(size) && line_.backlog() < most_waiting_descriptors;
  tell(link::New{.id = id,
                 .birth = message.origin.birth,
                 .qp = message.origin.qp,
                 .uid = message.origin.uid,
                 .size = size,
                 .envelope = message.envelope},
       lends ? lend(id, message.body) : Fd());
}

void SendLink::tell_placed(const MessagePlaced& placed) {
  if (placed.error == 0 && log_ != nullptr) log_->placed(placed.id);
  tell(link::Placed{.id = placed.id, .error = placed.error});
}

void SendLink::take_orders() {
  while (const auto packet = line_.take()) {
    const auto order = link::parse_order(packet->bytes);
    if (!order) continue;
    taken_ = link::serial_of(*order);
    std::visit([this](const auto& what) { obey(what); }, *order);
  }
}

void SendLink::obey(const link::Outcome& order) {
  if (log_ != nullptr) log_->outcome(order.id, order.index, order.kind, order.text);
}

void SendLink::obey(const link::Ended& order) {
  in_flight_.remove(order.id);
  if (log_ != nullptr) log_->ended(order.id);
}

void SendLink::obey(const link::Place& order) {
  in_flight_.remove(order.id);
  const auto place = log_ != nullptr ? log_->place_of(order.id) : std::nullopt;
  if (!place) return tell_placed({.id = order.id, .error = ENOENT});
  mover_.place(*place);
}

void SendLink::obey(const link::Moved& order) {
  in_flight_.remove(order.id);
  if (log_ != nullptr) log_->moved(order.id);
}

void SendLink::obey(const link::Get& order) {
  const auto stored = log_ != nullptr ? log_->read(order.id, buffer_) : std::nullopt;
  if (!stored) return tell(link::Body{order.id});
  const std::string_view body[] = {stored->body};
  tell(link::Body{order.id}, lend(order.id, body));
}

void SendLink::obey(const link::Drain& /*order*/) { drain_wanted_ = true; }

void SendLink::report() {
  if (told_synced_ == taken_) return;
  if (told_written_ != taken_ && (log_ == nullptr || !log_->has_unwritten()))
    tell(link::Written{told_written_ = taken_});
  if (told_written_ == taken_ && (log_ == nullptr || !log_->unsynced()))
    tell(link::Synced{told_synced_ = taken_});
}

}  // namespace qmail::queue
