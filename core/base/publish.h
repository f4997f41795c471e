// Crash-safe writing: whole buffers, and the replacement of one file by another.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/base/fd.h"

namespace qmail {

/// Writes every byte through the sys seam. False, with errno set, if one could not be written.
[[nodiscard]] bool try_write_all(int fd, std::string_view bytes);
/// The same. Throws Failure "unable to write LABEL".
void write_all(int fd, std::string_view bytes, const std::string& label);

/// Replaces `name` in `directory`. Readers see the old file or the new one, never a mixture;
/// after return the new one survives power loss. One writer at a time: the caller holds the lock.
/// `tmp` is the name it has meanwhile; empty: `name`.tmp. Throws Failure and leaves the old file.
void publish(const Directory& directory, const std::string& name, std::string_view bytes, mode_t mode,
             const std::string& tmp = "");

/// The same for a file whose owner and mode stay what they are; one that was not there gets mode 0600. A
/// symbolic link is refused: whoever made it means the file it leads to.
void republish(const Directory& directory, const std::string& name, std::string_view bytes);

/// The same where the user names both files, as with cdbmake: `tmp` may be anywhere on the file system of
/// `path`. One that exists is overwritten; a symbolic link is refused.
class Replacement {
 public:
  /// Creates `tmp`, with `mode`; none: as the umask has it. Throws Failure.
  Replacement(std::string path, std::string tmp, std::optional<mode_t> mode = std::nullopt);
  /// `path` has the bytes, and keeps them over a loss of power. Throws Failure and leaves the old file.
  void finish(std::string_view bytes);

 private:
  std::string path_, tmp_;
  Fd out_;
};

}  // namespace qmail
