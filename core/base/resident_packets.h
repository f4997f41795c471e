// What passes between a master, its zygotes and their workers: packets on SOCK_SEQPACKET sockets of one
// machine, integers in its own byte order. docs/internals/residents.md. Only for resident_*.cpp, for
// who hands such jobs on, and for tests.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/base/resident.h"
#include "core/base/spawn.h"

namespace qmail::resident {

/// Changes with everything below: master and zygote may come from different builds while one is upgraded.
inline constexpr std::int32_t version = 1;

/// Master to zygote, with the worker's end of its socket.
struct HireRequest {
  std::uint64_t worker;
  std::uint32_t has_identity;
  uid_t uid;
  gid_t gid;
};

/// Zygote to master.
struct Notice {
  enum class Kind : std::uint32_t { hello, hired, not_hired, died };
  Kind kind;
  std::int32_t value;    ///< version, pid, errno, wait status
  std::uint64_t worker;  ///< of hello: the inode of the zygote's program
};

/// Master to worker, with the descriptors: argc, then each argument and each variable, all ended by NUL.
std::string encode_job(const Job& job);

/// A job as a worker has it. The pointers are into the packet, and end with a null.
struct ReceivedJob {
  std::vector<char*> args;
  std::vector<char*> environment;
};
/// None if `packet` is not what encode_job() made. The packet must live, and stay where it is, as long as the
/// result.
std::optional<ReceivedJob> parse_job(std::span<char> packet);

/// Worker to master.
std::string encode_end(const End& end);
std::optional<End> parse_end(std::string_view packet);

/// Sends one packet, descriptors with it, waiting for room. False with errno set.
bool send_packet(int fd, std::string_view bytes, std::span<const int> fds = {});

/// One packet. What it brought has the lowest numbers that were free, and closes on exec.
struct Packet {
  std::size_t size = 0;  ///< 0: the other side is gone
  std::vector<Fd> fds = {};
};
/// Waits for a packet, through interruptions, and fills `buffer`. None with errno set: EAGAIN if the socket
/// has a time-out and it has passed, EPROTO if not all of its descriptors could be taken.
std::optional<Packet> receive_packet(int fd, std::span<char> buffer);

/// Fixed packets.
template <typename Fixed>
std::string_view bytes_of(const Fixed& fixed) {
  return {reinterpret_cast<const char*>(&fixed), sizeof fixed};
}

/// A time-out for receiving.
void set_patience(int fd, int seconds);

}  // namespace qmail::resident
