#include "core/queue/log/segment.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <memory>
#include <sys/stat.h>

#include "core/base/sys.h"

namespace qmail::queue_log {
namespace {

/// Its header, and at least one page for records.
constexpr std::size_t smallest_segment = 2 * page_bytes;

std::optional<Stamp> read_stamp(const Segment& segment) {
  std::string page;
  if (!read_at(segment.file.get(), 0, page_bytes, page)) return std::nullopt;
  return parse_segment_header(page, segment.number);
}

}  // namespace

std::optional<Segment> open_segment(const queue::Layout& layout, std::uint32_t number, int flags) {
  Segment segment{.number = number};
  segment.file =
      Fd(::openat(layout.fd(), queue::segment_name(number).c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!segment.file || ::fstat(segment.file.get(), &status) < 0) return std::nullopt;
  segment.bytes = static_cast<std::size_t>(status.st_size) / page_bytes * page_bytes;
  if (!S_ISREG(status.st_mode) || segment.bytes < smallest_segment) {
    errno = EINVAL;
    return std::nullopt;
  }
  segment.stamp = read_stamp(segment);
  return segment;
}

bool read_at(int file, std::size_t at, std::size_t bytes, std::string& buffer) {
  buffer.resize(bytes);
  std::size_t got = 0;
  while (got < bytes) {
    const ssize_t more = ::pread(file, buffer.data() + got, bytes - got, static_cast<off_t>(at + got));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return false;
    if (more == 0) break;
    got += static_cast<std::size_t>(more);
  }
  buffer.resize(got);
  return true;
}

std::vector<std::size_t> read_segment(const Segment& segment, std::string& buffer) {
  return read_part(segment, 0, segment.bytes, buffer);
}

std::vector<std::size_t> read_part(const Segment& segment, std::size_t from, std::size_t bytes,
                                   std::string& buffer) {
  std::vector<std::size_t> unreadable;
  if (read_at(segment.file.get(), from, bytes, buffer)) {
    buffer.resize(bytes);
    return unreadable;
  }
  buffer.assign(bytes, '\0');
  std::string page;
  for (std::size_t at = 0; at < bytes; at += page_bytes) {
    if (read_at(segment.file.get(), from + at, std::min(page_bytes, bytes - at), page))
      buffer.replace(at, page.size(), page);
    else
      unreadable.push_back(from + at);
  }
  return unreadable;
}

std::optional<StoredMessage> read_stored(int file, const Place& place, std::string& buffer) {
  const std::size_t bytes = record_header_bytes + place.envelope_bytes + place.body_bytes;
  if (!read_at(file, place.sector * sector_bytes, bytes, buffer)) return std::nullopt;
  const auto header = parse_record_header(buffer);
  const bool is_it = header && header->kind == Kind::message && header->id == place.id &&
                     header->stamp.generation == place.generation && header->detail == place.envelope_bytes &&
                     is_whole(*header, buffer);
  return is_it ? std::optional(message_of(*header, buffer)) : std::nullopt;
}

bool write_at(int file, std::size_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    // The system only reads what it is shown.
    const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
    const ssize_t written = sys::pwritev(file, &piece, 1, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += static_cast<std::size_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool restamp(Segment& segment, const Stamp& stamp) {
  const int file = segment.file.get();
  if (!write_at(file, 0, segment_header(segment.number, stamp)) || sys::fdatasync(file) < 0) return false;
  segment.stamp = stamp;
  segment.live = 0;
  return true;
}

std::optional<std::vector<Number>> numbers_in(const queue::Layout& layout, const char* folder) {
  Fd opened(::openat(layout.fd(), folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return std::nullopt;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(opened.get()), &::closedir);
  if (!stream) return std::nullopt;
  static_cast<void>(opened.release());  // the stream owns it now
  std::vector<Number> numbers;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get()))
    if (const auto number = queue::parse_message_number(entry->d_name)) numbers.push_back(*number);
  if (errno != 0) return std::nullopt;
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace qmail::queue_log
