#include "core/base/fd_passing.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/failure.h"

namespace qmail {
namespace {

/// What SCM_RIGHTS needs, at its largest.
union Control {
  std::array<char, CMSG_SPACE(most_passed_at_once * sizeof(int))> bytes;
  cmsghdr alignment;
};

void attach(msghdr& message, Control& control, std::span<const int> fds) {
  message.msg_control = control.bytes.data();
  message.msg_controllen = CMSG_SPACE(fds.size_bytes());
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(fds.size_bytes());
  std::memcpy(CMSG_DATA(header), fds.data(), fds.size_bytes());
}

std::vector<Fd> detach(msghdr& message) {
  std::vector<Fd> fds;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return fds;
}

}  // namespace

bool is_only_slow(int error) {
  // ETOOMANYREFS: as many descriptors of ours as may be on their way are, until somebody takes some.
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ETOOMANYREFS ||
         error == ENOBUFS || error == ENOMEM;
}

std::optional<SocketPair> SocketPair::try_make(int type) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) < 0) return std::nullopt;
  return SocketPair{Fd(ends[0]), Fd(ends[1])};
}

SocketPair SocketPair::make(int type) {
  auto made = try_make(type);
  if (!made) throw Failure::system("create socket pair");
  return std::move(*made);
}

ssize_t send_with_fds(int fd, std::string_view bytes, std::span<const int> fds, int flags) {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Control control{};
  if (!fds.empty()) attach(message, control, fds);
  const ssize_t sent = ::sendmsg(fd, &message, flags | MSG_NOSIGNAL);
  if (sent >= 0 || errno != ENOTSOCK || !fds.empty()) return sent;
  return ::write(fd, bytes.data(), bytes.size());
}

ssize_t receive_with_fds(int fd, std::span<char> bytes, std::vector<Fd>& fds, int flags) {
  iovec part{bytes.data(), bytes.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  const ssize_t got = ::recvmsg(fd, &message, flags | MSG_CMSG_CLOEXEC);
  if (got < 0) return errno == ENOTSOCK ? ::read(fd, bytes.data(), bytes.size()) : got;
  if (message.msg_controllen == 0 && (message.msg_flags & MSG_CTRUNC) == 0) return got;
  std::vector<Fd> taken = detach(message);
  if ((message.msg_flags & MSG_CTRUNC) != 0) {
    errno = EPROTO;
    return -1;
  }
  std::move(taken.begin(), taken.end(), std::back_inserter(fds));
  return got;
}

void Outbox::put(std::string_view bytes, Fd passed) {
  if (passed) passed_.push_back({bytes_.size(), std::move(passed)});
  bytes_ += bytes;
}

bool Outbox::send(int fd) {
  while (!bytes_.empty()) {
    std::vector<int> fds;
    for (const Passed& passed : passed_)
      if (fds.size() < most_passed_at_once) fds.push_back(passed.fd.get());
    const std::size_t size = passed_.size() > fds.size() ? passed_[fds.size()].at : bytes_.size();
    const ssize_t sent = send_with_fds(fd, std::string_view(bytes_).substr(0, size), fds, MSG_DONTWAIT);
    if (sent < 0) return is_only_slow(errno);
    const auto count = static_cast<std::size_t>(sent);
    bytes_.erase(0, count);
    passed_.erase(passed_.begin(), passed_.begin() + static_cast<std::ptrdiff_t>(fds.size()));
    for (Passed& passed : passed_) passed.at -= count;
    if (count < size) return true;
  }
  return true;
}

}  // namespace qmail
