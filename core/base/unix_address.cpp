#include "core/base/unix_address.h"

#include <string>
#include <sys/socket.h>

namespace qmail {

sockaddr_un address_of(const Directory& directory, std::string_view name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string path = directory.path_of(name);
  // A directory whose path does not fit is reached through its descriptor.
  if (path.size() >= sizeof address.sun_path)
    path = "/proc/self/fd/" + std::to_string(directory.get()) + "/" + std::string(name);
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

}  // namespace qmail
