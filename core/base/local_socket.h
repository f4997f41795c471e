// Unix sockets below the home by which a process of root's serves others of ours, packet by packet.
#pragma once
#include <optional>
#include <string>
#include <sys/types.h>

#include "core/base/fd.h"

namespace qmail {

/// Listens as `name` below `home`, in place of whoever had that name before. If we are root, root and `asker`
/// may connect, or else whoever we are. Throws Failure, also if others may write to the directory.
Fd listen_locally(const Directory& home, const std::string& name, std::optional<uid_t> asker);

/// A connection to whoever listens as `name`, or why there is none: also if it is neither root nor ourselves.
struct LocalConnection {
  Fd socket;
  std::string why;
};
/// Waits no longer than `seconds` to be taken in, and to send.
LocalConnection connect_locally(const Directory& home, const std::string& name, unsigned seconds);

/// True if somebody seems to listen there, and we may connect.
bool is_offered(const Directory& home, const std::string& name);

}  // namespace qmail
