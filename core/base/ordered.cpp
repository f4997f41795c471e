#include "core/base/ordered.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/base/sys.h"

namespace qmail {

bool OrderedSystems::have(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) return false;
  const auto [at, is_new] = known_.try_emplace(status.st_dev, false);
  if (is_new) at->second = sys::keeps_order(fd);
  return at->second;
}

void begin_write_back(int fd) { static_cast<void>(::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE)); }

}  // namespace qmail
