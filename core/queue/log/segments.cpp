#include "core/queue/log/segments.h"

#include <cerrno>

#include "core/base/random.h"
#include "core/base/sys.h"

namespace qmail::queue_log {
namespace {

std::uint64_t new_secret() { return std::uint64_t{random_number()} << 32 | random_number(); }

}  // namespace

void Segments::take(Contents& contents) {
  segments_ = std::move(contents.segments);
  used_.assign(contents.used.begin(), contents.used.end());
  free_.assign(contents.free.begin(), contents.free.end());
  last_generation_ = contents.last_generation;
  for (auto& [number, segment] : segments_)
    if (!segment.stamp && take_into_use(segment)) free_.push_back(number);
}

bool Segments::take_into_use(Segment& segment) {
  return restamp(segment, {.generation = ++last_generation_, .secret = new_secret()});
}

bool Segments::advance() {
  if (free_.empty()) return false;
  used_.push_back(free_.front());
  free_.pop_front();
  return true;
}

void Segments::recycle() {
  // Not one before those older than it: it may hold the ends of their messages.
  while (used_.size() > 1) {
    Segment& oldest = at(used_.front());
    if (oldest.live != 0) return;
    const std::uint32_t number = used_.front();
    const bool is_free = free_.size() < 2 * enough() && take_into_use(oldest);
    if (!is_free && !remove(number)) return;
    used_.pop_front();
    if (is_free) free_.push_back(number);
    if (!is_free) segments_.erase(number);
  }
}

void Segments::discard_active() {
  // What it holds is not whole, or stands in another one too.
  static_cast<void>(remove(used_.back()));
  segments_.erase(used_.back());
  used_.pop_back();
}

bool Segments::discard_last_but_active() {
  const auto place = used_.end() - 2;
  const bool removed = remove(*place);
  const int error = errno;
  segments_.erase(*place);
  used_.erase(place);
  errno = error;
  return removed;
}

/// Its absence is durable on return of true.
bool Segments::remove(std::uint32_t number) {
  if (sys::unlink_at(layout_.fd(), queue::segment_name(number).c_str()) < 0 && errno != ENOENT) return false;
  if (layout_.sync(queue::segment_folder) < 0) return false;
  return true;
}

std::optional<std::uint32_t> Segments::wanted() {
  if (being_made_ || free_.size() >= enough() || segments_.size() >= most_) return std::nullopt;
  std::uint32_t number = 1;
  for (const auto& [taken, segment] : segments_)
    if (taken == number) ++number;
  being_made_ = number;
  return number;
}

bool Segments::are_short(bool may_make) const {
  return free_.size() < enough() && (making_failed_ || !may_make || segments_.size() >= most_);
}

void Segments::add(std::uint32_t number) {
  not_made(number);
  if (segments_.contains(number)) return;
  auto segment = open_segment(layout_, number, O_RDWR);
  if (!segment || !take_into_use(*segment)) return;
  making_failed_ = false;
  segments_.emplace(number, std::move(*segment));
  free_.push_back(number);
}

void Segments::not_made(std::uint32_t number) {
  if (being_made_ == number) being_made_.reset();
  making_failed_ = true;
}

}  // namespace qmail::queue_log
