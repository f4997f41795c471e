// What tells one state of a file from another without reading it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace qmail {

/// Equal stamps: the same file, and nobody has written to it or changed its mode since, as far as the clock
/// of its filesystem can tell two moments apart (see is_older_than).
struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns =
      0;  ///< of its inode: also by a new mode or owner, and by what hides `modified_ns`

  /// None, with errno set, if there is nothing under that name. A symbolic link is followed.
  static std::optional<FileStamp> of(const std::string& path);
  static std::optional<FileStamp> of(int directory, const std::string& name);
  static std::optional<FileStamp> of(int fd);

  bool operator==(const FileStamp&) const = default;
  bool is_same_file(const FileStamp& other) const { return device == other.device && inode == other.inode; }
  /// True if it was last changed before the second `now`. A younger file may change again without showing it:
  /// the clock that stamps files ticks only every few milliseconds.
  bool is_older_than(std::int64_t now) const;
};

}  // namespace qmail
