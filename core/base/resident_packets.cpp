#include "core/base/resident_packets.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>

namespace qmail::resident {
namespace {

constexpr std::size_t most_fds = 16;

/// What an End's packet starts with; its text follows.
struct EndHeader {
  std::int32_t status;
  std::uint32_t last;
};

void put(std::string& bytes, std::string_view text) { bytes.append(text).push_back('\0'); }

/// Room for the descriptors of one packet, aligned as the system wants it.
union ControlBuffer {
  cmsghdr aligned;
  std::array<char, CMSG_SPACE(sizeof(int) * most_fds)> bytes;
};

std::vector<Fd> take_fds(msghdr& message) {
  std::vector<Fd> fds;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t at = 0; at < count; ++at) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + at * sizeof fd, sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return fds;
}

}  // namespace

std::string encode_job(const Job& job) {
  std::string bytes;
  put(bytes, std::to_string(job.args.size()));
  for (const std::string& argument : job.args) put(bytes, argument);
  for (const std::string& entry : job.environment.entries()) put(bytes, entry);
  return bytes;
}

std::optional<ReceivedJob> parse_job(std::span<char> packet) {
  if (packet.empty() || packet.back() != '\0') return std::nullopt;
  std::vector<char*> strings;
  for (std::size_t at = 0; at < packet.size(); at += std::strlen(&packet[at]) + 1)
    strings.push_back(&packet[at]);
  const std::string_view count = strings.front();
  const std::size_t argc = static_cast<std::size_t>(std::strtoul(strings.front(), nullptr, 10));
  if (argc == 0 || argc >= strings.size() || count != std::to_string(argc)) return std::nullopt;
  const auto variables = strings.begin() + 1 + static_cast<std::ptrdiff_t>(argc);
  ReceivedJob job{.args = {strings.begin() + 1, variables}, .environment = {variables, strings.end()}};
  job.args.push_back(nullptr);
  job.environment.push_back(nullptr);
  return job;
}

std::string encode_end(const End& end) {
  const EndHeader header{.status = end.status, .last = end.last ? 1U : 0U};
  std::string bytes(bytes_of(header));
  return bytes.append(end.text, 0, most_bytes - sizeof header);
}

std::optional<End> parse_end(std::string_view packet) {
  EndHeader header{};
  if (packet.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, packet.data(), sizeof header);
  return End{
      .status = header.status, .last = header.last != 0, .text = std::string(packet.substr(sizeof header))};
}

std::optional<Pair> Pair::try_make() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) < 0) return std::nullopt;
  return Pair{Fd(ends[0]), Fd(ends[1])};
}

bool send_packet(int fd, std::string_view bytes, std::span<const int> fds) {
  if (bytes.size() > most_bytes || fds.size() > most_fds) {
    errno = EMSGSIZE;
    return false;
  }
  iovec part{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
  ControlBuffer control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
  }
  ssize_t sent = -1;
  do sent = ::sendmsg(fd, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

std::optional<Packet> receive_packet(int fd, std::span<char> buffer) {
  iovec part{.iov_base = buffer.data(), .iov_len = buffer.size()};
  ControlBuffer control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  ssize_t got = -1;
  do got = ::recvmsg(fd, &message, 0);
  while (got < 0 && errno == EINTR);
  if (got < 0) return std::nullopt;
  return Packet{.size = static_cast<std::size_t>(got),
                .fds = take_fds(message),
                .is_whole = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0};
}

void set_patience(int fd, int seconds) {
  const timeval time{.tv_sec = seconds, .tv_usec = 0};
  // Without it one only waits longer.
  static_cast<void>(::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
}

}  // namespace qmail::resident
