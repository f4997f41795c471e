// Which file systems bring their changes to the disk in the order in which they were made.
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

}  // namespace qmail
