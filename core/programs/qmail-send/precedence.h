// New messages have precedence over those that move from the queue log into the layout: moving costs the disk
// more than accepting does. Who moves waits for its turn.
#pragma once
#include <cstddef>
#include <cstdint>

namespace qmail::send {

class Precedence {
 public:
  /// A new message has come in the second `now`.
  void note_arrival(std::int64_t now);
  /// The log wants room, which goes before everything: it says so every second until it has it.
  void note_shortage(std::int64_t now) { short_at_ = now; }
  /// So many have been moved.
  void note_moved(std::size_t count);
  /// True if others may be moved in the second `now`.
  bool is_turn_of_moving(std::int64_t now) const;

 private:
  std::int64_t short_at_ = 0;
  std::int64_t second_ = 0;                           ///< in which the last new message came
  std::size_t came_in_second_ = 0, came_before_ = 0;  ///< in that one, and in the one before
  std::size_t owed_ = 0;                              ///< new ones for which nothing has been moved yet
};

}  // namespace qmail::send
