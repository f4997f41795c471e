// Changing a file that several people may change at once: read, decide, replace, under a lock.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/fd.h"

namespace qmail {

class LockedEdit {
 public:
  /// Waits until nobody else changes the file `path`; the lock is that of `path`.lock, which stays there, and
  /// which nobody else can open and so hold up. Throws Failure.
  explicit LockedEdit(const std::string& path);

  /// What the file holds; none if there is none. Throws Failure, also for more than `limit` bytes and for
  /// what is no file.
  std::optional<std::string> text(std::size_t limit) const;
  /// The file has the bytes, its owner and its mode as before; a new one gets mode 0600. Throws Failure and
  /// leaves the old one.
  void replace(std::string_view bytes) const;

  std::string path() const { return directory_.path_of(name_); }

 private:
  Directory directory_;
  std::string name_;
  Fd lock_;
};

}  // namespace qmail
