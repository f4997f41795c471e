#include "ucspi/tcpserver/staff.h"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace qmail::ucspi {
namespace {

/// The folder this program was started from; empty if that cannot be known.
std::string own_folder() {
  std::array<char, 4096> path;
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return "";
  const std::string_view whole(path.data(), static_cast<std::size_t>(size));
  return std::string(whole.substr(0, whole.rfind('/')));
}

}  // namespace

Staff::Staff(const Process& self, Watch& watch, FileLimit& files)
    : premises_{.self = self, .watch = watch, .files = files, .folder = own_folder()}, files_(files) {}

Residents& Staff::of(const std::string& program) {
  return residents_.try_emplace(program, premises_, program).first->second;
}

/// A client that waits takes two descriptors, one that is served takes its worker's. Where a program is asked
/// first there are two kinds of workers, and those who have nothing to do take theirs, too.
void Staff::make_room(const std::string& program, std::size_t connections) {
  const Residents& residents = of(program);
  if (residents.are_possible()) files_.make_room(connections * (residents.are_asked() ? 4 : 2));
}

void Staff::take(int fd) {
  for (auto& [name, residents] : residents_) residents.take(fd);
}

std::vector<Ended> Staff::take_ended() {
  std::vector<Ended> ended;
  for (auto& [name, residents] : residents_) {
    const std::vector<Ended> more = residents.take_ended();
    ended.insert(ended.end(), more.begin(), more.end());
  }
  return ended;
}

void Staff::renew() {
  for (auto& [name, residents] : residents_) residents.renew();
}

bool Staff::was_mine(pid_t child) {
  return std::any_of(residents_.begin(), residents_.end(),
                     [child](auto& entry) { return entry.second.was_mine(child); });
}

}  // namespace qmail::ucspi
