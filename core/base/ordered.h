// Which file systems bring their changes to the disk in the order in which they were made, and having many
// files written at once.
#pragma once
#include <map>
#include <sys/types.h>

namespace qmail {

/// What sys::keeps_order() said, once for each file system.
class OrderedSystems {
 public:
  bool have(int fd);

 private:
  std::map<dev_t, bool> known_;
};

/// Has the system begin to bring the content of a file to the disk, so that the syncs of several files wait
/// together. It promises nothing, so it is not one of sys.h, and what fails here fails in the sync.
void begin_write_back(int fd);

}  // namespace qmail
