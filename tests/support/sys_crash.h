// qmail::sys over real files, for crash tests: counts the calls, stops or fails at a chosen one, and
// remembers what was synced, so that a test can see what a power failure would have left.
//
// A test program links this in place of sys_posix.cpp (crash_tests() in tests/crash/crash.cmake) and is best
// written with crash_driver.h. Without Disk::watch() every call goes straight to the system.
//
// The model. A file's content is durable as of its last fsync, and empty before the first; or as of its last
// write_back, which promises that of files whose names survive, and no others can be seen. A name, made or
// removed, is durable from the next fsync of its directory; where order is kept, also from that of another
// one that changed later. What was not synced may have survived or not: of each directory, any state it was
// in since its last sync, independently of every other directory's. That is weaker than what ext4 promises,
// and about what POSIX does. Of what was written in place since the last sync, into a file that did not
// change its size, any sector of 512 bytes may have survived, or half of one. Not modelled: a later change in
// a directory surviving without an earlier one, and part of the content added to a file since the last sync.
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/fd.h"

namespace qmail::test {

/// What happens at one call; counted from 1, 0 is never.
struct Trouble {
  enum class Kind { none, stop, fail, short_write };
  Kind kind = Kind::none;
  std::size_t at = 0;
  int error = 0;         ///< of a failing call
  bool lasting = false;  ///< every later call fails too
};

/// What the machine can do.
struct Conditions {
  bool directory_syncs_work = true;  ///< false: fsync of a directory does nothing, and says it did
  bool unnamed_files_work = true;    ///< false: no O_TMPFILE
  bool keeps_order = false;          ///< core/base/sys.h
};

/// What a power failure leaves.
struct Survival {
  std::string what;  ///< for people
  /// Which of the states a directory was in since its last sync: 0 as synced, `count` - 1 as it is now.
  std::function<std::size_t(ino_t directory, std::size_t count)> pick;
  bool keeps_content = false;  ///< also what was written since the last sync
  /// Of `count` sectors changed in place since then, how much of the one with this place among them: in
  /// bytes, from its front. Null: as keeps_content says.
  std::function<std::size_t(std::size_t place, std::size_t count)> keeps_of_sector = nullptr;
  /// Of several files that were changed in place, those for which keeps_of_sector is asked. Null: all.
  std::function<bool(ino_t file)> keeps_of_file = nullptr;
};

/// The disk as the calls of this process see it. One at a time; it lasts as long as the process.
class Disk {
 public:
  /// From now on everything at and below `root` is watched; what is there counts as durable. `stopped` is
  /// called in place of the call at which to stop, and must not return.
  static Disk& watch(const std::filesystem::path& root, const Trouble& trouble, const Conditions& conditions,
                     std::function<void()> stopped);
  static Disk* watched();

  std::size_t calls() const { return calls_; }
  /// The last call: "fsync queue/todo".
  const std::string& last_call() const { return last_call_; }

  /// Each thing that could be left if the power failed now.
  std::vector<Survival> survivals() const;
  /// Makes a copy of the tree as `survival` leaves it.
  void materialise(const Survival& survival, const std::filesystem::path& target) const;

  // For sys_crash.cpp: one step of a call each.
  /// True if the call is to be made; else errno is set and it fails.
  bool begin(const char* call, int fd, const char* name = "");
  bool half_of_write() const;
  void wrote_half();
  bool refuses_unnamed() const { return !conditions_.unnamed_files_work; }
  bool keeps_order() const { return conditions_.keeps_order; }
  void opened(int fd);
  void made_directory(int fd);
  void synced(int fd);
  /// A name in the folder of `name`, which is relative to `directory`, was made or removed.
  void changed(int directory, const char* name);

 private:
  using Names = std::map<std::string, ino_t>;
  struct Content {
    mode_t mode = 0;
    timespec modified{};
    std::string bytes;
  };

  Disk(const std::filesystem::path& root, const Trouble& trouble, const Conditions& conditions,
       std::function<void()> stopped);
  ino_t snapshot(const std::filesystem::path& directory);
  Names names_now(int directory) const;
  void pin(int fd);
  std::string path_in_tree(ino_t directory) const;
  std::map<ino_t, std::size_t> changed_in_place() const;
  /// The first name of each file that was made.
  using Made = std::map<ino_t, std::filesystem::path>;
  void build(const Survival& survival, ino_t directory, const std::filesystem::path& target,
             Made& made) const;
  void build_file(const Survival& survival, ino_t file, const std::filesystem::path& target) const;

  Trouble trouble_;
  Conditions conditions_;
  std::function<void()> stopped_;
  std::size_t calls_ = 0;
  std::string last_call_;
  bool last_was_chosen_ = false;
  /// Of each directory: its names as of its last sync, then after each change since.
  std::map<ino_t, std::vector<Names>> history_;
  std::map<ino_t, Content> durable_content_;
  /// Holds every inode seen, so that its number is not given to another file meanwhile.
  std::map<ino_t, Fd> pinned_;
  ino_t root_;  ///< the last, because finding it fills the others
};

}  // namespace qmail::test
