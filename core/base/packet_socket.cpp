#include "core/base/packet_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace qmail {
namespace {

/// Room for the one descriptor that a packet can carry.
union Attachment {
  cmsghdr aligned;
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

void attach(msghdr& message, Attachment& room, int fd) {
  message.msg_control = room.bytes.data();
  message.msg_controllen = room.bytes.size();
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(head), &fd, sizeof fd);
}

Fd attached_to(msghdr& message) {
  const cmsghdr* head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) return Fd();
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(head), sizeof fd);
  return Fd(fd);
}

}  // namespace

std::optional<std::pair<Fd, Fd>> PacketSocket::try_make() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) < 0) return std::nullopt;
  return std::pair(Fd(ends[0]), Fd(ends[1]));
}

void PacketSocket::put(std::string packet, Fd attached) {
  Waiting next{std::move(packet), std::move(attached)};
  if (waiting_.empty() && try_send(next)) return;
  if (!lost_) waiting_.push_back(std::move(next));
}

void PacketSocket::flush() {
  while (!waiting_.empty() && try_send(waiting_.front())) waiting_.pop_front();
}

bool PacketSocket::try_send(const Waiting& packet) {
  if (lost_) return false;
  iovec bytes{const_cast<char*>(packet.bytes.data()), packet.bytes.size()};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  Attachment room;
  if (packet.attached) attach(message, room, packet.attached.get());
  for (;;) {
    if (::sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return true;
    if (errno == ETOOMANYREFS && message.msg_controllen != 0) {
      message.msg_control = nullptr;
      message.msg_controllen = 0;
    } else if (errno != EINTR) {
      break;
    }
  }
  // ENOBUFS, ENOMEM: the system is short of memory, for now.
  if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM) return false;
  lost_ = true;
  waiting_.clear();
  return false;
}

std::optional<PacketSocket::Packet> PacketSocket::take() {
  iovec room{buffer_.data(), buffer_.size()};
  Attachment attachment;
  msghdr message{};
  message.msg_iov = &room;
  message.msg_iovlen = 1;
  message.msg_control = attachment.bytes.data();
  message.msg_controllen = attachment.bytes.size();
  ssize_t got = -1;
  do got = ::recvmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got < 0 && (errno == EAGAIN || errno == ENOMEM || errno == ENOBUFS)) return std::nullopt;
  Fd attached = got > 0 ? attached_to(message) : Fd();
  if (got <= 0 || (message.msg_flags & MSG_TRUNC) != 0) {
    lost_ = true;
    return std::nullopt;
  }
  return Packet{std::string_view(buffer_).substr(0, static_cast<std::size_t>(got)), std::move(attached)};
}

}  // namespace qmail
