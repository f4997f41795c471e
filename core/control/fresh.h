// Control files in programs that live long: read once, and again when an edit is to count.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/fd.h"
#include "core/base/file_stamp.h"
#include "core/base/program.h"
#include "core/control/control.h"

namespace qmail {

/// The home of the installation and its control files, open as long as they are the same directories.
class OpenHome {
 public:
  /// Opens them, or looks whether they were replaced: false, and all that was read from them is old. Throws
  /// Failure.
  bool is_same(const Process& self);
  const Directory& home() const { return *home_; }
  Control& control() { return *control_; }
  const Control& control() const { return *control_; }
  /// For resident::Work::kept().
  std::vector<int> kept() const;

 private:
  std::optional<Directory> home_;
  std::optional<Control> control_;
  FileStamp stamp_;  ///< of the directory control
};

/// True if every file that was asked for by `read_at` (in seconds, as Clock tells them) still is as it was.
/// An edit always counts; a file edited less than a second before it was read counts as edited once more.
bool is_unchanged(const Control& control, std::int64_t read_at);

/// A value made from control files. As long as none of them changes, looking costs one stat(2) for each that
/// is there and one for their directory.
template <typename Value>
class Fresh {
 public:
  /// The value for a job that starts now. `read` makes it from a Control; what it throws is thrown here, and
  /// next time it is asked again.
  template <typename Read>
  const Value& get(const Process& self, Read read) {
    if (!open_.is_same(self)) value_.reset();
    if (value_ && is_unchanged(open_.control(), read_at_)) return *value_;
    value_.reset();
    open_.control().forget();
    read_at_ = self.clock.now();
    value_.emplace(read(std::as_const(open_).control()));
    return *value_;
  }
  const Directory& home() const { return open_.home(); }
  const Control& control() const { return open_.control(); }
  std::vector<int> kept() const { return open_.kept(); }

 private:
  OpenHome open_;
  std::optional<Value> value_;
  std::int64_t read_at_ = 0;
};

}  // namespace qmail
