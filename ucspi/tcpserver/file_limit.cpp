#include "ucspi/tcpserver/file_limit.h"

#include <algorithm>

namespace qmail::ucspi {

void FileLimit::make_room(std::size_t descriptors) {
  constexpr rlim_t others = 64;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= descriptors + others) return;
  rlimit wider = limit;
  wider.rlim_cur = std::min<rlim_t>(limit.rlim_max, descriptors + others);
  if (::setrlimit(RLIMIT_NOFILE, &wider) == 0) first_ = limit;
}

void FileLimit::give_first_to(pid_t process) const {
  // Should it fail, programs may open more files than they did before: no harm in that.
  if (first_) static_cast<void>(::prlimit(process, RLIMIT_NOFILE, &*first_, nullptr));
}

}  // namespace qmail::ucspi
