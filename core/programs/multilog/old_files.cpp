// What becomes of a log's files that are full.
#include <cerrno>
#include <dirent.h>
#include <memory>
#include <optional>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/spawn.h"
#include "core/base/sys.h"
#include "core/format/tai64n.h"
#include "core/log/stamp.h"
#include "core/programs/multilog/rotated_log.h"

namespace qmail::multilog {
namespace {

struct OldFiles {
  std::size_t count = 0;
  std::string oldest = {};
};

/// None, with errno set, if the directory cannot be read. However many there are, one name is kept.
std::optional<OldFiles> find_old_files(const Directory& directory) {
  Fd again(::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(again.get()), &::closedir);
  if (!stream) return std::nullopt;
  again.release();
  OldFiles found;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (!name.starts_with('@') || name.size() < tai64n_size) continue;
    if (++found.count == 1 || name < found.oldest) found.oldest = name;
  }
  if (errno != 0) return std::nullopt;
  return found;
}

}  // namespace

/// Through the processor; the state it leaves is what it finds the next time.
void RotatedLog::process() {
  const Fd processed = open_patiently("create", "processed", O_WRONLY | O_CREAT, 0644);
  const Fd state = open_patiently("create", "newstate", O_WRONLY | O_CREAT, 0644);
  run_processor(processed, state);
  // The mode says that it is whole, so it must not reach the disk first, but must be there when previous
  // goes.
  sync_patiently(processed, "processed");
  set_mode_patiently(processed, "processed", 0744);
  sync_patiently(processed, "processed");
  sync_patiently(state, "newstate");
  sync_names();
  remove("previous");
  patience_.until_done("unable to rename newstate to state in directory " + settings_.directory, [&] {
    return sys::rename_at(directory_.get(), "newstate", directory_.get(), "state") == 0;
  });
  file_away("processed", 's');
}

/// Until it exits 0: it then promises that all of its output is there.
void RotatedLog::run_processor(const Fd& processed, const Fd& state) const {
  constexpr int state_descriptor = 4, new_state_descriptor = 5;
  const std::string where = " in " + settings_.directory;
  for (;;) {
    const Fd previous = open_patiently("read", "previous", O_RDONLY, 0);
    const Fd last_state = open_patiently("read", "state", O_RDONLY | O_CREAT, 0644);
    for (const auto& [file, name] : {std::pair(&processed, "processed"), std::pair(&state, "newstate")})
      patience_.until_done("unable to empty " + path(name), [&, out = file] {
        return sys::ftruncate(out->get(), 0) == 0 && ::lseek(out->get(), 0, SEEK_SET) == 0;
      });
    const auto child = spawn({.argv = {"sh", "-c", settings_.processor},
                              .program = "/bin/sh",
                              .fds = {{previous.get(), STDIN_FILENO},
                                      {processed.get(), STDOUT_FILENO},
                                      {STDERR_FILENO, STDERR_FILENO},
                                      {last_state.get(), state_descriptor},
                                      {state.get(), new_state_descriptor}},
                              .directory = settings_.directory});
    if (!child) {
      patience_.pause("unable to fork for processor" + where);
      continue;
    }
    const int status = wait_for(*child);
    if (!crashed(status) && exit_code(status) == 0) return;
    patience_.pause_without_reason(std::string(crashed(status) ? "processor crashed" : "processor failed") +
                                   where + ", pausing");
  }
}

/// `code` is 's' for what is whole and on the disk, 'u' for what may be neither.
void RotatedLog::file_away(const char* name, char code) const {
  struct stat found {};
  while (::fstatat(directory_.get(), name, &found, AT_SYMLINK_NOFOLLOW) < 0) {
    if (errno == ENOENT) return;
    patience_.pause("unable to stat " + path(name));
  }
  // With two it was given its new name before everything stopped.
  if (found.st_nlink == 1) give_name(name, code);
  sync_names();
  remove(name);
  remove_oldest();
}

void RotatedLog::give_name(const char* name, char code) const {
  for (;;) {
    const std::string to = log::tai_stamp(clock_.moment()) + "." + code;
    if (sys::link_at(directory_.get(), name, directory_.get(), to.c_str()) == 0) return;
    // Another log file got the same microsecond.
    if (errno != EEXIST) patience_.pause("unable to link to " + path(to));
  }
}

void RotatedLog::remove_oldest() const {
  for (;;) {
    std::optional<OldFiles> old;
    patience_.until_done("unable to read " + settings_.directory, [&] {
      old = find_old_files(directory_);
      return old.has_value();
    });
    if (old->count < settings_.files) return;
    remove(old->oldest.c_str());
  }
}

}  // namespace qmail::multilog
