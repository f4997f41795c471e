#include "core/programs/multilog/rotated_log.h"

#include <algorithm>
#include <optional>
#include <sys/file.h>

#include "core/base/failure.h"
#include "core/base/sys.h"

namespace qmail::multilog {
namespace {

/// As large as in stock: files are divided at the same places.
constexpr std::size_t buffer_bytes = 512;
/// So near to its largest size a file ends with the next line.
constexpr std::size_t line_reserve = 2000;

constexpr mode_t current_mode = 0644;
constexpr mode_t whole_mode = 0744;  ///< of what is whole and on the disk
constexpr mode_t whole_bit = 0100;

constexpr int appended = O_WRONLY | O_NONBLOCK | O_APPEND | O_CREAT;
constexpr int emptied = O_WRONLY | O_NONBLOCK | O_TRUNC | O_CREAT;

Directory open_directory(const std::string& path) {
  // One that is there already is as good, and what else is wrong shows at once.
  static_cast<void>(sys::mkdir_at(AT_FDCWD, path.c_str(), 0700));
  auto opened = Directory::try_open(path);
  if (!opened) throw Failure::system("open directory " + path);
  return std::move(*opened);
}

/// The mode and size of a file; none if it does not exist. Throws Failure.
std::optional<struct stat> find(const Directory& directory, const char* name) {
  struct stat found {};
  if (::fstatat(directory.get(), name, &found, AT_SYMLINK_NOFOLLOW) == 0) return found;
  if (errno != ENOENT) throw Failure::system("stat " + directory.path_of(name));
  return std::nullopt;
}

bool is_whole(const std::optional<struct stat>& file) { return file && (file->st_mode & whole_bit) != 0; }

}  // namespace

RotatedLog::RotatedLog(LogSettings settings, const Clock& clock, const Patience& patience)
    : settings_(std::move(settings)),
      clock_(clock),
      patience_(patience),
      directory_(open_directory(settings_.directory)),
      lock_(open("lock", appended, 0600)) {
  if (!lock_ || ::flock(lock_.get(), LOCK_EX | LOCK_NB) < 0)
    throw Failure::system("lock directory " + settings_.directory);
  resume();
}

/// Whoever may write to the directory must not lead a multilog that runs as root elsewhere.
Fd RotatedLog::open(const char* name, int flags, mode_t mode) const {
  return Fd(sys::open_at(directory_.get(), name, flags | O_NOFOLLOW, mode));
}

Fd RotatedLog::open_patiently(const std::string& verb, const char* name, int flags, mode_t mode) const {
  Fd file;
  patience_.until_done("unable to " + verb + " " + path(name), [&] {
    file = open(name, flags, mode);
    return static_cast<bool>(file);
  });
  return file;
}

void RotatedLog::sync_patiently(const Fd& file, const char* name) const {
  patience_.until_done("unable to write " + path(name) + " to disk",
                       [&] { return sys::fsync(file.get()) == 0; });
}

void RotatedLog::set_mode_patiently(const Fd& file, const char* name, mode_t mode) const {
  patience_.until_done("unable to set mode of " + path(name),
                       [&] { return sys::fchmod(file.get(), mode) == 0; });
}

/// Before another name of the same bytes goes.
void RotatedLog::sync_names() const {
  patience_.until_done("unable to write " + settings_.directory + " to disk",
                       [&] { return sys::fsync(directory_.get()) == 0; });
}

void RotatedLog::remove(const char* name) const {
  patience_.until_done("unable to remove " + path(name),
                       [&] { return sys::unlink_at(directory_.get(), name) == 0 || errno == ENOENT; });
}

void RotatedLog::resume() {
  const auto current = find(directory_, "current");
  if (is_whole(current)) {
    open_current("append to");
    bytes_ = static_cast<std::size_t>(current->st_size);
    return;
  }
  recover();
  if (!open("state", emptied, current_mode)) throw Failure::system("write to " + path("state"));
  open_current("write to");
}

/// After a power failure, or a kill: what is whole is kept as such, what may be not is marked.
void RotatedLog::recover() const {
  remove("state");
  remove("newstate");
  if (is_whole(find(directory_, "processed"))) {
    remove("previous");
    file_away("processed", 's');
  } else {
    remove("processed");
    file_away("previous", 'u');
  }
  file_away("current", 'u');
}

void RotatedLog::open_current(const std::string& attempt) {
  current_ = open("current", appended, 0600);
  if (!current_) throw Failure::system(attempt + " " + path("current"));
  if (sys::fchmod(current_.get(), current_mode) < 0) throw Failure::system("set mode of " + path("current"));
}

void RotatedLog::put(std::string_view bytes) {
  if (bytes.size() > buffer_bytes - buffer_.size()) {
    flush();
    if (bytes.size() > buffer_bytes) return write(bytes);
  }
  buffer_.append(bytes);
}

void RotatedLog::flush() {
  write(buffer_);
  buffer_.clear();
}

void RotatedLog::rotate() {
  if (bytes_ > 0) begin_new_file();
}

void RotatedLog::close() {
  flush();
  sync_patiently(current_, "current");
  set_mode_patiently(current_, "current", whole_mode);
  sync_names();
}

void RotatedLog::write(std::string_view bytes) {
  while (!bytes.empty()) bytes.remove_prefix(write_some(bytes));
}

/// No more than fits into the file; near its end, no more than up to the end of a line.
std::size_t RotatedLog::write_some(std::string_view bytes) {
  if (bytes_ >= settings_.most_bytes) begin_new_file();
  const std::size_t enough = settings_.most_bytes - line_reserve;
  bytes = bytes.substr(0, settings_.most_bytes - bytes_);
  if (bytes_ + bytes.size() >= enough)
    if (const std::size_t last = bytes.rfind('\n'); last != std::string_view::npos)
      bytes = bytes.substr(0, last + 1);
  ssize_t got = 0;
  while ((got = sys::write(current_.get(), bytes.data(), bytes.size())) <= 0)
    patience_.pause("unable to write to " + path("current"));
  const auto written = static_cast<std::size_t>(got);
  bytes_ += written;
  if (bytes_ >= enough && bytes[written - 1] == '\n') begin_new_file();
  return written;
}

void RotatedLog::begin_new_file() {
  sync_patiently(current_, "current");
  const Fd whole = std::move(current_);
  patience_.until_done("unable to rename current to previous in directory " + settings_.directory, [&] {
    return sys::rename_at(directory_.get(), "current", directory_.get(), "previous") == 0;
  });
  current_ = open_patiently("create", "current", appended, 0600);
  bytes_ = 0;
  set_mode_patiently(current_, "current", current_mode);
  set_mode_patiently(whole, "previous", whole_mode);
  if (settings_.processor.empty())
    file_away("previous", 's');
  else
    process();
}

}  // namespace qmail::multilog
