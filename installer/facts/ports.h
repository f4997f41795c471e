// Who listens on a port of the running machine: /proc/net/tcp, proc(5).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "installer/facts/facts.h"
#include "installer/transaction/tree.h"

namespace qmail::facts {

struct ListeningSocket {
  std::string address;  ///< "0.0.0.0", "::1"
  std::uint64_t inode = 0;
};

/// The sockets of /proc/net/tcp or tcp6 that listen on `port`. Lines that make no sense are left out.
std::vector<ListeningSocket> parse_listening(std::string_view text, std::uint16_t port);

/// The unit in the last part of a control group's name, from /proc/PID/cgroup; empty if there is none.
std::string unit_in(std::string_view control_group);
/// The name of the package whose list of files (dpkg's /var/lib/dpkg/info/NAME.list) has `path`, or has it
/// without the /usr that a merged system puts before it; empty if there is none.
std::string package_of(const transaction::Tree& tree, const std::string& path);

/// Those of the running machine, with the processes that have them open as far as they can be seen.
std::vector<Listener> find_listeners(std::uint16_t port);

}  // namespace qmail::facts
