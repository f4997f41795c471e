// How the log begins: whose it is, what is live in it, and what is wrong with it.
#include <sys/file.h>
#include <sys/stat.h>
#include <unordered_set>

#include "core/base/error_text.h"
#include "core/base/sys.h"
#include "core/log/events.h"
#include "core/queue/log/damaged.h"
#include "core/queue/log/log.h"

namespace qmail::queue_log {
namespace {

constexpr mode_t lock_mode = 0600;

/// Numbers mean nothing, and spares cannot become mess files, unless all are on one filesystem.
std::optional<std::string> trouble_with_folders(const queue::Layout& layout) {
  struct stat mess {};
  const std::string mess_folder = queue::folder_of(queue::Part::mess, 0);
  if (::fstatat(layout.fd(), mess_folder.c_str(), &mess, 0) < 0) return reason("stat", mess_folder);
  for (const char* folder : {queue::segment_folder, queue::spare_folder, queue::damaged_folder}) {
    struct stat own {};
    if (::fstatat(layout.fd(), folder, &own, 0) < 0) return reason("stat", folder);
    if (own.st_dev == mess.st_dev) continue;
    errno = EXDEV;
    return reason("use", folder);
  }
  return std::nullopt;
}

}  // namespace

std::variant<std::unique_ptr<Log>, std::string> Log::open(const queue::Layout& layout, const Clock& clock,
                                                          Alert alert, const Settings& settings) {
  if (auto trouble = trouble_with_folders(layout)) return std::move(*trouble);
  Fd lock(sys::open_at(layout.fd(), queue::log_lock_name, O_RDWR | O_CREAT, lock_mode));
  if (!lock) return reason("open", queue::log_lock_name);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) < 0) return reason("lock", queue::log_lock_name);
  std::unique_ptr<Log> log(new Log(layout, clock, std::move(alert), settings, std::move(lock)));
  if (auto trouble = log->recover()) return std::move(*trouble);
  return log;
}

Log::Log(const queue::Layout& layout, const Clock& clock, Alert alert, const Settings& settings, Fd lock)
    : layout_(layout),
      clock_(clock),
      alert_(std::move(alert)),
      settings_(settings),
      lock_(std::move(lock)),
      segments_(layout, settings.most_segments) {}

std::optional<std::string> Log::recover() {
  auto read = read_contents(layout_, O_RDWR);
  if (auto* trouble = std::get_if<std::string>(&read)) return std::move(*trouble);
  Contents& contents = std::get<Contents>(read);
  const auto spares = numbers_in(layout_, queue::spare_folder);
  if (!spares) return reason("read", queue::spare_folder);
  for (const Finding& finding : contents.findings)
    if (!settle(contents, finding)) return reason("write", queue::segment_name(finding.segment));
  // What was read may have been written by a process that was killed, and be in memory only.
  for (const auto& [number, segment] : contents.segments)
    if (sys::fdatasync(segment.file.get()) < 0) return reason("sync", queue::segment_name(number));
  sequence_ = durable_ = contents.last_sequence;
  collect_replay(contents);
  live_ = std::move(contents.live);
  segments_.take(contents);
  batch_.start(contents.end);
  segments_.recycle();
  collect_spares(*spares);
  return std::nullopt;
}

/// Saves what was damaged, and sees to it that it is not found again. False, with errno set, if it would be.
bool Log::settle(Contents& contents, const Finding& finding) {
  const std::string name = queue::segment_name(finding.segment);
  if (finding.is_damage) {
    if (!save_damage(layout_, finding)) {
      alert_(log::alert_log_damage(name));
      // It stays where it is, to be saved on a better day; nothing may be written over it.
      if (!contents.used.empty() && contents.used.back() == finding.segment)
        contents.end = contents.segments.at(finding.segment).bytes;
      return true;
    }
    alert_(log::alert_log_damage(name, damaged_name(finding)));
  }
  return mark_dealt_with(contents.segments.at(finding.segment), finding);
}

void Log::collect_replay(Contents& contents) {
  for (const Number id : oldest_of(contents.live, contents.segments, contents.live.size()))
    replay_.push_back({id, std::move(contents.outcomes[id])});
}

void Log::collect_spares(const std::vector<Number>& found) {
  std::unordered_set<Number> whole;
  std::vector<Number> free;
  for (const Number id : found) {
    struct stat status {};
    const std::string name = queue::spare_name(id);
    if (::fstatat(layout_.fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) < 0) continue;
    const bool is_spare = S_ISREG(status.st_mode) && status.st_ino == id && status.st_nlink == 1;
    if (is_spare) whole.insert(id);
    if (is_spare && !is_live(id)) free.push_back(id);
    // A mess file by now, or the queue was copied: its number protects nothing. Should it stay, the next
    // start tries again.
    if (!is_spare && !is_live(id)) static_cast<void>(sys::unlink_at(layout_.fd(), name.c_str()));
  }
  spares_.add(free);
  for (const Replay& replay : replay_)
    if (!whole.contains(replay.id)) placed(replay.id);
  const std::unordered_set<Number> named(found.begin(), found.end());
  std::erase_if(replay_, [&](const Replay& replay) {
    const bool is_over = !named.contains(replay.id) && is_overtaken(replay.id);
    if (is_over) moved(replay.id);
    return is_over;
  });
}

/// Of a message whose spare has no name any more: its mess file, which was whole before that, is another's.
/// It had moved, and was finished in the layout while there was no log to tell of it; then its number came
/// again.
bool Log::is_overtaken(Number id) const {
  const Fd mess(::openat(layout_.fd(), queue::name_of(queue::Part::mess, id).c_str(),
                         O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!mess) return false;
  std::string buffer;
  const auto own = read(id, buffer);
  if (!own) return false;
  const auto there = try_read_all(mess.get(), own->body.size());
  return there ? *there != own->body : errno == EFBIG;
}

}  // namespace qmail::queue_log
