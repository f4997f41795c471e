#include "core/queue/log/log.h"

#include <algorithm>
#include <limits>
#include <sys/statvfs.h>

#include "core/base/error_text.h"
#include "core/base/sys.h"
#include "core/log/events.h"

namespace qmail::queue_log {
namespace {

/// One is kept for what is said of messages, so that a log without room can become empty again.
constexpr std::size_t kept_free = 1;
constexpr std::int32_t longest_unsynced_microseconds = 200'000;
/// After trouble, or without room.
constexpr std::int32_t retry_microseconds = 1'000'000;
constexpr std::int32_t microseconds_per_second = 1'000'000;
/// Far beyond any report of a delivery.
constexpr std::size_t longest_text = 32768;

Moment after(Moment moment, std::int32_t microseconds) {
  moment.microseconds += microseconds;
  if (moment.microseconds >= microseconds_per_second) {
    moment.microseconds -= microseconds_per_second;
    ++moment.seconds;
  }
  return moment;
}

std::size_t bytes_of(std::span<const std::string_view> pieces) {
  std::size_t bytes = 0;
  for (const std::string_view piece : pieces) bytes += piece.size();
  return bytes;
}

}  // namespace

Log::~Log() = default;

std::vector<Replay> Log::take_replay() { return std::exchange(replay_, {}); }

std::variant<Number, Refusal> Log::append(const Message& message) {
  const std::size_t body_bytes = bytes_of(message.body);
  const std::size_t payload_bytes = message.envelope.size() + body_bytes;
  const std::size_t bytes = sectors_of(payload_bytes) * sector_bytes;
  if (bytes > settings_.segment_bytes - page_bytes) return Refusal::too_large;
  if (failed_) return Refusal::failed;
  if (!can_spare(1)) return Refusal::disk_full;
  place_said();
  if (spares_.empty()) return Refusal::no_spare;
  if (!make_room(bytes, kept_free)) return failed_ ? Refusal::failed : Refusal::no_segment;

  payload_.assign(1, message.envelope);
  payload_.insert(payload_.end(), message.body.begin(), message.body.end());
  const Number id = spares_.lend();
  Segment& segment = *segments_.active();
  live_.put({.id = id,
             .segment = segment.number,
             .sector = static_cast<std::uint32_t>(batch_.end() / sector_bytes),
             .envelope_bytes = static_cast<std::uint32_t>(message.envelope.size()),
             .body_bytes = static_cast<std::uint32_t>(body_bytes)});
  ++segment.live;
  batch_.add(next_header({.kind = Kind::message,
                          .payload_bytes = static_cast<std::uint32_t>(payload_bytes),
                          .detail = static_cast<std::uint32_t>(message.envelope.size()),
                          .id = id,
                          .origin = message.origin}),
             payload_);
  uncommitted_.push_back(id);
  return id;
}

RecordHeader Log::next_header(RecordHeader header) {
  header.stamp = *segments_.active()->stamp;
  header.sequence = ++sequence_;
  header.durable = durable_;
  return header;
}

/// Room for a record of `bytes` behind the batch, in this segment or the next; `keep_free` segments are not
/// for it.
bool Log::make_room(std::size_t bytes, std::size_t keep_free) {
  Segment* active = segments_.active();
  if (active != nullptr && active->has_room_at(batch_.end(), bytes)) return true;
  if (segments_.free_count() <= keep_free || !segments_.next_has_room(bytes)) return false;
  // Only the active segment may ever hold what is not durable.
  if (active != nullptr && !(flush() && sync())) return false;
  segments_.advance();
  batch_.start(page_bytes);
  return true;
}

bool Log::can_spare(std::uint64_t times, std::uint64_t bytes) {
  const auto has_room = [&] { return room_ >= times * reserve_ + bytes; };
  const std::int64_t now = clock_.now();
  if (now == room_looked_up_ && has_room()) return true;
  room_looked_up_ = now;
  struct statvfs disk {};
  // A disk that cannot be asked has other ways to say so.
  const bool is_known = ::fstatvfs(layout_.fd(), &disk) == 0;
  room_ = is_known ? std::uint64_t{disk.f_bavail} * disk.f_frsize : std::numeric_limits<std::uint64_t>::max();
  reserve_ = settings_.reserve_bytes;
  if (is_known) reserve_ = std::min(reserve_, std::uint64_t{disk.f_blocks} * disk.f_frsize / 4);
  return has_room();
}

void Log::outcome(Number id, std::uint32_t index, char kind, std::string_view text) {
  if (!is_live(id)) return;
  say({.header = {.kind = Kind::outcome, .how = kind, .detail = index, .id = id}},
      text.substr(0, longest_text));
}

void Log::ended(Number id) { end(id, Kind::ended); }
void Log::moved(Number id) { end(id, Kind::moved); }

void Log::placed(Number id) {
  if (LiveEntry* entry = live_.find(id)) entry->placed = true;
}

void Log::end(Number id, Kind kind) {
  const LiveEntry* entry = live_.find(id);
  if (entry == nullptr) return;
  const Said said{.header = {.kind = kind, .id = id},
                  .segment = entry->segment,
                  .gives_back = kind == Kind::ended && !entry->placed};
  live_.remove(id);
  say(said, "");
}

void Log::say(Said said, std::string_view text) {
  said.header.payload_bytes = static_cast<std::uint32_t>(text.size());
  said.text_at = said_text_.size();
  said_.push_back(said);
  said_text_ += text;
  place_said();
  if (!sync_due_) sync_due_ = after(clock_.moment(), longest_unsynced_microseconds);
}

/// Puts into the batch what was said and waits, in order, as far as there is room.
void Log::place_said() {
  for (; !failed_ && said_placed_ < said_.size(); ++said_placed_) {
    const std::size_t text_bytes = said_[said_placed_].header.payload_bytes;
    if (!make_room(sectors_of(text_bytes) * sector_bytes, 0)) return;
    // Only now: if that took a sync, what stood before it is not waiting any more.
    Said& said = said_[said_placed_];
    batch_.add_copy(next_header(said.header), std::string_view(said_text_).substr(said.text_at, text_bytes));
    // Whoever gets the number next has a later sequence: that ends this one in any case.
    if (std::exchange(said.gives_back, false)) spares_.give_back(said.header.id);
  }
}

Log::Commit Log::commit() {
  place_said();
  const bool done = !failed_ && flush() && sync();
  if (done) {
    uncommitted_.clear();
    segments_.recycle();
    return Commit::durable;
  }
  const bool refused = !uncommitted_.empty();
  refuse_uncommitted();
  return repair() && !refused ? Commit::durable : Commit::failed;
}

bool Log::write() {
  place_said();
  return !failed_ && flush() && !has_unwritten();
}

bool Log::flush() {
  if (batch_.empty()) return true;
  if (batch_.write(segments_.active()->file.get())) return true;
  fail("write");
  return false;
}

bool Log::sync() {
  if (durable_ != sequence_) {
    if (sys::fdatasync(segments_.active()->file.get()) < 0) {
      fail("sync");
      return false;
    }
    note_durable();
  }
  sync_due_.reset();
  if (!said_.empty()) sync_due_ = after_trouble();
  return true;
}

void Log::note_durable() {
  durable_ = sequence_;
  for (std::size_t at = 0; at < said_placed_; ++at)
    if (said_[at].segment != 0) --segments_.at(said_[at].segment).live;
  said_.erase(said_.begin(), said_.begin() + static_cast<std::ptrdiff_t>(said_placed_));
  said_placed_ = 0;
  if (said_.empty()) said_text_.clear();
}

/// From here on nothing goes to the active segment any more.
void Log::fail(const char* what) {
  alert_(log::alert_log_trouble(what, queue::segment_name(segments_.active()->number), error_text(errno)));
  failed_ = true;
  batch_.start(page_bytes);
  said_placed_ = 0;
  sync_due_ = after_trouble();
}

Moment Log::after_trouble() const { return after(clock_.moment(), retry_microseconds); }

void Log::refuse_uncommitted() {
  // Parts of them may be on the disk, as good as the real ones.
  for (const Number id : std::exchange(uncommitted_, {})) end(id, Kind::ended);
}

void Log::adopt_segment(std::uint32_t segment) {
  segments_.add(segment);
  place_said();
}

/// The log must not be what brings the disk below its reserve: then nobody could send anything.
bool Log::may_make_segment() { return can_spare(2, settings_.segment_bytes); }

std::optional<std::uint32_t> Log::segment_wanted() {
  if (!may_make_segment()) return std::nullopt;
  const auto wanted = segments_.wanted();
  // Until the next look at the disk: several may be asked for before that.
  if (wanted) room_ -= settings_.segment_bytes;
  return wanted;
}

std::vector<Number> Log::in_the_way(std::size_t most) {
  std::vector<Number> numbers;
  const Segment* oldest = segments_.oldest();
  if (oldest == nullptr || oldest->live == 0 || !segments_.are_short(may_make_segment())) return numbers;
  live_.for_each([&](const LiveEntry& entry) {
    if (entry.segment == oldest->number && numbers.size() < most) numbers.push_back(entry.id);
  });
  return numbers;
}

std::optional<Place> Log::place_of(Number id) const {
  const LiveEntry* entry = live_.find(id);
  if (entry == nullptr) return std::nullopt;
  return queue_log::place_of(*entry, segments_.at(entry->segment));
}

std::optional<StoredMessage> Log::read(Number id, std::string& buffer) const {
  const auto place = place_of(id);
  if (!place) return std::nullopt;
  auto message = read_stored(segments_.at(place->segment).file.get(), *place, buffer);
  if (!message) alert_(log::alert_log_unread(id, queue::segment_name(place->segment)));
  return message;
}

bool Log::has_unwritten() const { return !batch_.empty() || said_placed_ < said_.size(); }
bool Log::unsynced() const { return has_unwritten() || durable_ != sequence_; }

}  // namespace qmail::queue_log
