#include "core/queue/log/damaged.h"

#include "core/base/publish.h"
#include "core/base/sys.h"

namespace qmail::queue_log {
namespace {

constexpr mode_t damaged_mode = 0640;

}  // namespace

std::string damaged_name(const Finding& finding) {
  return std::string(queue::damaged_folder) + "/" + std::to_string(finding.stamp.generation) + "." +
         std::to_string(finding.start);
}

bool save_damage(const queue::Layout& layout, const Finding& finding) {
  const std::string name = damaged_name(finding);
  const Fd out(
      sys::open_at(layout.fd(), name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, damaged_mode));
  return out && try_write_all(out.get(), finding.bytes) && sys::fsync(out.get()) == 0 &&
         layout.sync(queue::damaged_folder) == 0;
}

bool mark_dealt_with(const Segment& segment, const Finding& finding) {
  std::string sector;
  if (finding.after) {
    const RecordHeader header{.kind = Kind::skipped, .stamp = finding.stamp, .sequence = *finding.after - 1};
    append_header(sector, header, {});
    append_tail(sector, header);
  }
  sector.resize(sector_bytes);
  return write_at(segment.file.get(), finding.start, sector);
}

}  // namespace qmail::queue_log
