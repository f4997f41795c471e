// How many files this process may have open: more than what it starts needs, or expects.
#pragma once
#include <cstddef>
#include <optional>
#include <sys/resource.h>
#include <sys/types.h>

namespace qmail::ucspi {

class FileLimit {
 public:
  /// Allows for so many descriptors and some more, as far as the hard limit does.
  void make_room(std::size_t descriptors);
  /// Gives a process that was started the limit that this one was started with. 0: this one itself.
  void give_first_to(pid_t process) const;

 private:
  std::optional<rlimit> first_;  ///< none while it was not changed
};

}  // namespace qmail::ucspi
