#include "core/programs/qmail-send/schedule.h"

#include <algorithm>
#include <cmath>

namespace qmail::send {
namespace {

constexpr std::int64_t skip_local = 10;
constexpr std::int64_t skip_remote = 20;

bool later(const Due& a, const Due& b) { return a.when > b.when; }

/// root * root <= square < (root + 1) * (root + 1); for square >= 0.
std::int64_t square_root(std::int64_t square) {
  auto root = static_cast<std::int64_t>(std::sqrt(static_cast<double>(square)));
  while (root * root > square) --root;
  while ((root + 1) * (root + 1) <= square) ++root;
  return root;
}

}  // namespace

std::int64_t next_try(std::int64_t birth, std::int64_t now, queue::Channel channel) {
  const std::int64_t age = std::max<std::int64_t>(now - birth, 0);
  const std::int64_t root = square_root(age) + (channel == queue::Channel::local ? skip_local : skip_remote);
  return birth + root * root;
}

void DueQueue::insert(const Due& due) {
  heap_.push_back(due);
  std::push_heap(heap_.begin(), heap_.end(), later);
}

Due DueQueue::take_first() {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Due first = heap_.back();
  heap_.pop_back();
  return first;
}

std::optional<Due> DueQueue::take_due(std::int64_t now) {
  if (heap_.empty() || first_time() > now) return std::nullopt;
  return take_first();
}

void DueQueue::make_all_due(std::int64_t now) {
  for (Due& due : heap_) due.when = now;
}

}  // namespace qmail::send
