#include "core/programs/qmail-send/moves.h"

#include <algorithm>
#include <utility>

#include "core/queue/placement.h"

namespace qmail::send {
namespace {

namespace link = queue::link;
using queue::LogMessage;
using queue::LogMessagePtr;

/// More would only wait in qmail-queue.
constexpr std::size_t most_placing = 128;
/// Written together, for it is the syncs that cost; qmail-send does nothing else meanwhile.
constexpr std::size_t most_at_once = 64;

}  // namespace

void Moves::want(const LogMessagePtr& message) {
  message->stage = LogMessage::Stage::wanting;
  wanting_.push_back(message);
}

void Moves::confirm(const LogMessagePtr& message) {
  message->stage = LogMessage::Stage::moved;
  moved_.push_back({link_.give(link::Moved{.id = message->number}), message, true});
}

bool Moves::has_its_turn() const { return desk_.exit_asap || precedence_.is_turn_of_moving(desk_.now); }

void Moves::placed(const link::Placed& notice) {
  const auto message = desk_.log_mail.find(notice.id);
  if (!message || message->stage != LogMessage::Stage::placing) return;
  --placing_;
  if (notice.error == 0) {
    message->stage = LogMessage::Stage::placed;
    placed_.push_back(message);
  } else {
    desk_.warn_later({"unable to create", queue::name_of(queue::Part::mess, notice.id)});
    try_later(message);
  }
}

void Moves::try_later(const LogMessagePtr& message) {
  message->stage = LogMessage::Stage::wanting;
  later_.push_back({desk_.now + trouble_pause_seconds, message});
}

void Moves::synced(std::uint64_t serial) {
  for (; !moved_.empty() && moved_.front().serial <= serial; moved_.pop_front()) settle(moved_.front());
}

/// From here on it is like any message of the layout.
void Moves::settle(const Moved& moved) {
  LogMessage& message = *moved.message;
  const queue::Number number = message.number;
  const auto parked = desk_.log_mail.take_parked(message);
  desk_.log_mail.remove(moved.message, LogMessage::Stage::stock);
  if (moved.is_found) {
    desk_.note_own(number);
    return desk_.add(number);
  }
  for (const queue::Channel channel : parked) desk_.due_on(channel).insert({desk_.now, number});
  for (const queue::Channel channel : queue::every_channel)
    if (message.attempt(channel) == LogMessage::Attempt::deferred)
      desk_.due_on(channel).insert({message.due[at(channel)], number, true});
  if (message.is_finished()) desk_.done.insert({desk_.now, number});
}

void Moves::hurry() {
  desk_.log_mail.make_all_due(desk_.now);
  for (const Again& again : std::exchange(later_, {})) wanting_.push_back(again.message);
}

void Moves::prepare(PollSet& set) const {
  if (!later_.empty()) set.until(later_.front().when);
  const auto is_ready = [](const LogMessagePtr& message) { return message->unwritten == 0; };
  const bool can_move =
      is_batch_full() && has_its_turn() && std::any_of(placed_.begin(), placed_.end(), is_ready);
  if (can_order() || can_move) set.at_once();
  // Should nothing more come, they have their turn then.
  if (!placed_.empty()) set.until(desk_.now + 1);
}

void Moves::act() {
  for (; !later_.empty() && later_.front().when <= desk_.now; later_.pop_front())
    wanting_.push_back(later_.front().message);
  order_places();
  move_some();
}

bool Moves::can_order() const { return !wanting_.empty() && placing_ + placed_.size() < most_placing; }

void Moves::order_places() {
  for (; can_order(); wanting_.pop_front()) {
    wanting_.front()->stage = LogMessage::Stage::placing;
    link_.give(link::Place{.id = wanting_.front()->number});
    ++placing_;
  }
}

/// With what qmail-queue is still placing it can become larger.
bool Moves::is_batch_full() const { return placed_.size() >= most_at_once || placing_ == 0; }

void Moves::move_some() {
  if (!is_batch_full() || !has_its_turn()) return;
  std::vector<LogMessagePtr> ready;
  std::deque<LogMessagePtr> rest;
  // An outcome that the log has and the list has not would be forgotten at the next start.
  for (LogMessagePtr& message : placed_)
    if (ready.size() < most_at_once && message->unwritten == 0)
      ready.push_back(std::move(message));
    else
      rest.push_back(std::move(message));
  placed_ = std::move(rest);
  if (ready.empty()) return;
  precedence_.note_moved(ready.size());
  const auto moved =
      queue::move_to_layout(names_, ready, [&](const queue::Trouble& trouble) { desk_.warn_later(trouble); });
  for (const LogMessagePtr& message : moved) {
    desk_.note_own(message->number);
    moved_.push_back({link_.give(link::Moved{.id = message->number}), message, false});
  }
  for (const LogMessagePtr& message : ready)
    if (message->stage == LogMessage::Stage::placed) try_later(message);
}

}  // namespace qmail::send
