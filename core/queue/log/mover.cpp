#include "core/queue/log/mover.h"

#include <array>
#include <cerrno>
#include <map>
#include <string>
#include <sys/stat.h>

#include "core/base/ordered.h"
#include "core/base/publish.h"
#include "core/base/sys.h"
#include "core/queue/log/segment.h"

namespace qmail::queue_log {
namespace {

constexpr mode_t segment_mode = 0640;
/// That of the mess file it may become.
constexpr mode_t spare_mode = 0644;
/// Never written to, and so no memory of this process: the system has one page of zeros for all.
std::array<char, std::size_t{256} << 10> zeros;

bool write_zeros(int file, std::size_t bytes) {
  const std::string_view all(zeros.data(), zeros.size());
  for (; bytes > 0; bytes -= std::min(bytes, all.size()))
    if (!try_write_all(file, all.substr(0, bytes))) return false;
  return true;
}

/// Makes one that is not durable yet; none on failure.
std::optional<Number> make_spare(const queue::Layout& layout) {
  // One that an earlier mover did not get to name will do.
  const std::string unnamed = std::string(queue::spare_folder) + "/new";
  const Fd file(sys::open_at(layout.fd(), unnamed.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW, spare_mode));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) < 0) return std::nullopt;
  const std::string name = queue::spare_name(status.st_ino);
  if (sys::rename_at(layout.fd(), unnamed.c_str(), layout.fd(), name.c_str()) < 0) return std::nullopt;
  return status.st_ino;
}

/// Its spare, or the mess file that was made of it before; none with errno set.
Fd open_for_mess(const queue::Layout& layout, Number id) {
  for (const std::string& name : {queue::spare_name(id), name_of(queue::Part::mess, id)}) {
    Fd file(sys::open_at(layout.fd(), name.c_str(), O_WRONLY | O_NOFOLLOW, 0));
    if (file || errno != ENOENT) return file;
  }
  // Only in a queue that was copied without its spares: then the number is just a name.
  return Fd(
      sys::open_at(layout.fd(), queue::spare_name(id).c_str(), O_WRONLY | O_CREAT | O_EXCL, spare_mode));
}

bool write_mess(int file, std::string_view body) {
  // Its time is when qmail-send begins to take it for abandoned, should nothing come of it; a spare is old.
  const timespec now{0, UTIME_NOW};
  return sys::ftruncate(file, 0) == 0 && try_write_all(file, body) && sys::futimens(file, {now, now}) == 0;
}

bool is_named(const queue::Layout& layout, const std::string& name, int file) {
  struct stat named {};
  struct stat own {};
  return ::fstatat(layout.fd(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 && ::fstat(file, &own) == 0 &&
         named.st_ino == own.st_ino;
}

enum class Naming { failed, made, found };

/// Found: an earlier mover gave it the name.
Naming name_mess(const queue::Layout& layout, Number id, int file) {
  const std::string mess = name_of(queue::Part::mess, id);
  if (sys::link_at(layout.fd(), queue::spare_name(id).c_str(), layout.fd(), mess.c_str()) == 0)
    return Naming::made;
  const int error = errno;
  if (is_named(layout, mess, file)) return Naming::found;
  errno = error;
  return Naming::failed;
}

/// The message in the inode that becomes mess, or none with errno set. It has no name there yet.
Fd write_out(const queue::Layout& layout, const Place& from, std::string& buffer) {
  const Fd segment(::openat(layout.fd(), queue::segment_name(from.segment).c_str(), O_RDONLY | O_CLOEXEC));
  if (!segment) return Fd();
  const auto message = read_stored(segment.get(), from, buffer);
  if (!message) {
    errno = EBADMSG;
    return Fd();
  }
  Fd file = open_for_mess(layout, from.id);
  if (!file || !write_mess(file.get(), message->body)) return Fd();
  begin_write_back(file.get());
  return file;
}

/// Makes the names in these durable; of each folder, what that came to. Where order is kept, the sync of the
/// one that changed last brings every earlier change with it.
std::map<std::string, int> sync_folders(const queue::Layout& layout, const std::vector<std::string>& changed,
                                        bool last_does_for_all) {
  std::map<std::string, int> errors;
  if (last_does_for_all && !changed.empty()) {
    const int error = layout.sync(changed.back()) < 0 ? errno : 0;
    for (const std::string& folder : changed) errors[folder] = error;
    return errors;
  }
  for (const std::string& folder : changed) {
    const auto [known, is_new] = errors.emplace(folder, 0);
    if (is_new && layout.sync(folder) < 0) known->second = errno;
  }
  return errors;
}

}  // namespace

int make_segment(const queue::Layout& layout, std::uint32_t segment, std::uint32_t bytes) {
  const std::string unfinished = std::string(queue::segment_folder) + "/new";
  const Fd file(
      sys::open_at(layout.fd(), unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, segment_mode));
  const bool done = file && write_zeros(file.get(), bytes) && sys::fsync(file.get()) == 0 &&
                    sys::rename_at(layout.fd(), unfinished.c_str(), layout.fd(),
                                   queue::segment_name(segment).c_str()) == 0 &&
                    layout.sync(queue::segment_folder) == 0;
  const int error = errno;
  if (done) return 0;
  // If it stays, the next one is made of it.
  static_cast<void>(sys::unlink_at(layout.fd(), unfinished.c_str()));
  return error;
}

std::vector<Number> make_spares(const queue::Layout& layout, std::size_t count) {
  std::vector<Number> made;
  while (made.size() < count) {
    const auto spare = make_spare(layout);
    if (!spare) break;
    made.push_back(*spare);
  }
  if (made.empty() || layout.sync(queue::spare_folder) == 0) return made;
  return {};
}

std::vector<Placed> place_messages(const queue::Layout& layout, std::span<const Place> places) {
  const bool keeps_order = sys::keeps_order(layout.fd());
  std::vector<Placed> result;
  std::vector<Fd> files;
  std::string buffer;
  for (const Place& from : places) {
    files.push_back(write_out(layout, from, buffer));
    result.push_back({from.id, files.back() ? 0 : errno});
  }
  for (std::size_t at = 0; at < files.size(); ++at) {
    const auto sync = keeps_order ? sys::write_back : sys::fsync;
    if (result[at].error == 0 && sync(files[at].get()) < 0) result[at].error = errno;
  }
  // Named only now: where order is kept, a new name brings with it what leads to the content.
  std::vector<std::string> changed;
  bool one_does_for_all = keeps_order;
  for (std::size_t at = 0; at < files.size(); ++at) {
    if (result[at].error != 0) continue;
    const Naming naming = name_mess(layout, result[at].id, files[at].get());
    const bool is_found = naming == Naming::found;
    if (naming == Naming::failed || (is_found && sys::fsync(files[at].get()) < 0)) result[at].error = errno;
    if (is_found) one_does_for_all = false;
    if (result[at].error == 0) changed.push_back(folder_of(queue::Part::mess, result[at].id));
  }
  const auto errors = sync_folders(layout, changed, one_does_for_all);
  for (Placed& placed : result) {
    if (placed.error == 0) placed.error = errors.at(folder_of(queue::Part::mess, placed.id));
    // It has a better name now. If the old one stays, the next start of the log removes it.
    if (placed.error == 0)
      static_cast<void>(sys::unlink_at(layout.fd(), queue::spare_name(placed.id).c_str()));
  }
  return result;
}

}  // namespace qmail::queue_log
