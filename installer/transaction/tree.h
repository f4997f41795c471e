// The files of a machine, below its root: "/" or what --root names. No name, and no symbolic link on the
// way, leads outside of it.
#pragma once
#include <optional>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "core/base/fd.h"

namespace qmail::transaction {

class Tree {
 public:
  /// Throws Failure if `root` is not a directory.
  explicit Tree(const std::string& root);

  /// True for the running machine itself.
  bool is_whole_machine() const { return root_.label() == "/"; }
  const std::string& root() const { return root_.label(); }
  /// `path` as a person on the running machine would name it.
  std::string outside_name(const std::string& path) const;

  /// Every `path` is absolute as seen from within. All throw Failure, but not for what does not exist.
  /// What `path` itself is: a symbolic link is not followed.
  std::optional<struct stat> find(const std::string& path) const;
  /// A file's bytes, through symbolic links; none if there is none.
  std::optional<std::string> read(const std::string& path) const;
  /// Where a symbolic link leads.
  std::string link_target(const std::string& path) const;
  /// The names in a directory, sorted; none if it does not exist.
  std::vector<std::string> names(const std::string& path) const;
  /// The directory that holds `path`; none if it does not exist.
  std::optional<Fd> find_parent(const std::string& path) const;
  /// The same, which must exist.
  Fd parent(const std::string& path) const;
  /// `path` itself, which must be a directory.
  Directory open_directory(const std::string& path) const;
  std::optional<Fd> find_open(const std::string& path, int flags) const;

 private:
  Directory root_;
};

/// The last part of `path`, which is absolute and not "/".
std::string file_name(const std::string& path);

}  // namespace qmail::transaction
