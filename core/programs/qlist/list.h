// The subscribers of a list: those lines of a .qmail file that start with '&'. qlist(1), dot-qmail(5).
#pragma once
#include <string>
#include <string_view>

#include "core/base/fd.h"
#include "core/programs/qlist/confirmation.h"
#include "core/programs/qlist/settings.h"

namespace qmail::qlist {

/// True if this may become a line of the list: a plain address of a person, and none of the list's own.
bool may_subscribe(std::string_view address, const Settings& settings);

struct Edited {
  std::string text;
  bool was_there;  ///< the address, before
};
/// `text` with or without the address, once, and all its other lines as they were.
Edited edit(std::string_view text, std::string_view address, Action action);

/// The files of a list, for as long as this object lives changed by nobody else.
class List {
 public:
  /// Waits for the lock. Throws Failure. `settings` must outlive it.
  explicit List(const Settings& settings);
  /// Does it, on disk. Returns whether the address was there before. Throws Failure and leaves the old list.
  bool change(std::string_view address, Action action) const;
  /// What the list's confirmations are proved with. It is made when there is none. Throws Failure.
  std::string key() const;

 private:
  const Settings& settings_;
  Fd lock_;
};

}  // namespace qmail::qlist
