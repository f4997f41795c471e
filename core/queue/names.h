// The names in the folders that qmail-send alone changes (info, local, remote, bounce), and which of those
// folders the disk may not have as they are: a sync is worth a delivery's time, so none is done twice.
#pragma once
#include <optional>
#include <set>
#include <span>
#include <string>
#include <sys/types.h>

#include "core/queue/layout.h"
#include "core/queue/store.h"

namespace qmail::queue {

/// Of the files that qmail-send makes: nobody else reads them.
inline constexpr mode_t file_mode = 0600;

class Names {
 public:
  /// `layout` must outlive this object.
  explicit Names(const Layout& layout);
  const Layout& layout() const { return layout_; }

  /// Opens the file with these flags of open(2); with O_CREAT among them its name counts as changed.
  Fd open(Part part, Number number, int flags, mode_t mode);
  /// A new file without a name, for link(); none, with errno set, where there is no such thing.
  Fd open_unnamed(Part part, Number number, mode_t mode);
  int link(const Fd& unnamed, Part part, Number number);
  /// Removes the file if it exists.
  std::optional<Trouble> remove(Part part, Number number);
  /// On return of none, every change to the names of these parts of these messages is durable, whoever made
  /// it. Each folder is synced the first time it is asked about, and then only after a change. Where the file
  /// system keeps order one sync does for all of them, for it brings every earlier change with it.
  std::optional<Trouble> sync(std::span<const Part> parts, std::span<const Number> numbers);

  /// core/base/sys.h, of all these folders.
  bool keeps_order() const { return keeps_order_; }

 private:
  void note_change(const std::string& folder, bool is_certain);

  const Layout& layout_;
  bool keeps_order_;
  std::set<std::string> durable_;  ///< folders without changes since their last sync
  /// The folder of the last change since the last sync. Empty if that is not certain: nothing may hang on the
  /// sync of a folder that did not change.
  std::string latest_;
};

}  // namespace qmail::queue
