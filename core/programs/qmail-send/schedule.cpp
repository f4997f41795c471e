#include "core/programs/qmail-send/schedule.h"

#include <algorithm>

namespace qmail::send {
namespace {

constexpr std::int64_t skip_local = 10;
constexpr std::int64_t skip_remote = 20;

constexpr unsigned most_fresh_in_a_row = 7;
/// Smaller tables are not worth giving memory back.
constexpr std::size_t small_table = 4096;

/// root * root <= square < (root + 1) * (root + 1); for square >= 0. Bit by bit: the C library's sqrt() would
/// bring a shared library into a process that counts its memory.
std::int64_t square_root(std::int64_t square) {
  constexpr std::int64_t largest = 3'037'000'499;  // of an int64_t
  std::int64_t root = 0;
  for (std::int64_t bit = std::int64_t{1} << 31; bit > 0; bit >>= 1) {
    const std::int64_t more = root | bit;
    if (more <= largest && more * more <= square) root = more;
  }
  return root;
}

}  // namespace

std::int64_t next_try(std::int64_t birth, std::int64_t now, queue::Channel channel) {
  const std::int64_t age = std::max<std::int64_t>(now - birth, 0);
  const std::int64_t root = square_root(age) + (channel == queue::Channel::local ? skip_local : skip_remote);
  return birth + root * root;
}

DueQueue::Entry::Entry(const Due& due)
    : when_and_stored(static_cast<std::uint64_t>(std::max<std::int64_t>(due.when, 0)) << 1 | due.stored),
      number(due.number) {}

Due DueQueue::Entry::due() const {
  return {static_cast<std::int64_t>(when_and_stored >> 1), number, (when_and_stored & 1) != 0};
}

void DueQueue::insert(const Due& due) {
  heap_.emplace_back(due);
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

Due DueQueue::take_first() {
  std::pop_heap(heap_.begin(), heap_.end(), is_later);
  const Due first = heap_.back().due();
  heap_.pop_back();
  if (heap_.capacity() > small_table && heap_.size() < heap_.capacity() / 4) heap_.shrink_to_fit();
  return first;
}

std::optional<Due> DueQueue::take_due(std::int64_t now) {
  if (heap_.empty() || first_time() > now) return std::nullopt;
  return take_first();
}

void DueQueue::make_all_due(std::int64_t now) {
  for (Entry& entry : heap_) entry = Entry({now, entry.number});
}

std::int64_t Agenda::first_time() const {
  if (fresh_.empty()) return again_.first_time();
  return again_.empty() ? fresh_.first_time() : std::min(fresh_.first_time(), again_.first_time());
}

std::optional<Due> Agenda::take_due(std::int64_t now) {
  const bool fresh_first = fresh_in_a_row_ < most_fresh_in_a_row;
  if (!fresh_first) fresh_in_a_row_ = 0;
  if (auto due = fresh_first ? fresh_.take_due(now) : again_.take_due(now)) {
    fresh_in_a_row_ += fresh_first;
    return due;
  }
  return fresh_first ? again_.take_due(now) : fresh_.take_due(now);
}

void Agenda::make_all_due(std::int64_t now) {
  fresh_.make_all_due(now);
  again_.make_all_due(now);
}

}  // namespace qmail::send
