#include "core/programs/qmail-send/precedence.h"

#include <algorithm>

namespace qmail::send {
namespace {

/// New messages for one that moves. The log, of 4 GB at most, then takes 800,000 of 4 KB that come in a row
/// before it wants room; fewer would cost more of the rate at which they come.
constexpr std::size_t new_for_one = 5;
/// For so many that have come it is the turn of those that move: they move together.
constexpr std::size_t turn = 320;
/// In a second: fewer have no precedence.
constexpr std::size_t many = 100;
constexpr std::int64_t shortage_seconds = 2;

}  // namespace

void Precedence::note_arrival(std::int64_t now) {
  if (second_ != now) {
    came_before_ = second_ == now - 1 ? came_in_second_ : 0;
    came_in_second_ = 0;
    second_ = now;
  }
  ++came_in_second_;
  owed_ = std::min(owed_ + 1, 2 * turn);
}

void Precedence::note_moved(std::size_t count) { owed_ -= std::min(owed_, new_for_one * count); }

bool Precedence::is_turn_of_moving(std::int64_t now) const {
  const bool many_come = now - second_ <= 1 && std::max(came_in_second_, came_before_) >= many;
  return !many_come || owed_ >= turn || now - short_at_ < shortage_seconds;
}

}  // namespace qmail::send
