#include "core/base/resident_packets.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>

#include "core/base/fd_passing.h"

namespace qmail::resident {
namespace {

/// What an End's packet starts with; its text follows.
struct EndHeader {
  std::int32_t status;
  std::uint32_t last;
};

void put(std::string& bytes, std::string_view text) { bytes.append(text).push_back('\0'); }

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

bool send_packet(int fd, std::string_view bytes, std::span<const int> fds) {
  if (bytes.size() > most_bytes || fds.size() > most_passed_at_once) {
    errno = EMSGSIZE;
    return false;
  }
  ssize_t sent = -1;
  do sent = send_with_fds(fd, bytes, fds);
  while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

std::optional<Packet> receive_packet(int fd, std::span<char> buffer) {
  Packet packet;
  ssize_t got = -1;
  do got = receive_with_fds(fd, buffer, packet.fds);
  while (got < 0 && errno == EINTR);
  if (got < 0) return std::nullopt;
  packet.size = static_cast<std::size_t>(got);
  return packet;
}

void set_patience(int fd, int seconds) {
  const timeval time{.tv_sec = seconds, .tv_usec = 0};
  // Without it one only waits longer.
  static_cast<void>(::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
}

}  // namespace qmail::resident
