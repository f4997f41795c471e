#include "core/programs/qmail-send/log_link.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/socket.h>

namespace qmail::send {
namespace {

namespace link = queue::link;

constexpr std::size_t most_sent = 64;
constexpr std::size_t most_received = 32;
/// Descriptors above this are given back: those that qmail-send needs for files must not run out.
constexpr int most_descriptors = 768;

bool is_packet_socket(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

/// The one descriptor that may have come with a packet; more would be none of ours.
Fd take_descriptor(msghdr& message) {
  Fd found;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
    found = Fd(fd);
  }
  if (found.get() > most_descriptors) found.close();
  return found;
}

}  // namespace

/// Room for several packets of any size. Pages of them that were never needed are no memory.
struct LogLink::Inbox {
  using Packet = std::array<char, link::longest_packet>;
  struct Slot {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control;
    iovec part;
  };
  std::unique_ptr<Packet[]> packets = std::make_unique_for_overwrite<Packet[]>(most_received);
  std::array<Slot, most_received> slots;
  std::array<mmsghdr, most_received> messages;

  void clear() {
    for (std::size_t at = 0; at < most_received; ++at) {
      Slot& slot = slots[at];
      slot.part = {packets[at].data(), packets[at].size()};
      messages[at] = {};
      msghdr& message = messages[at].msg_hdr;
      message.msg_iov = &slot.part;
      message.msg_iovlen = 1;
      message.msg_control = slot.control.data();
      message.msg_controllen = slot.control.size();
    }
  }
};

LogLink::LogLink(int fd) : fd_(fd), open_(is_packet_socket(fd)) {
  if (!open_) return;
  ::fcntl(fd_, F_SETFD, FD_CLOEXEC);
  inbox_ = std::make_shared<Inbox>();
}

void LogLink::prepare(PollSet& set) {
  if (!open_) return;
  flush();
  if (open_) set.add(fd_, static_cast<short>(orders_.empty() ? POLLIN : POLLIN | POLLOUT));
}

void LogLink::act(const PollSet& set, const Take& take) {
  if (!open_ || !set.is_ready(fd_)) return;
  open_ = receive(take);
}

void LogLink::flush() {
  while (!orders_.empty()) {
    std::array<iovec, most_sent> parts;
    std::array<mmsghdr, most_sent> messages{};
    const std::size_t count = std::min(most_sent, orders_.size());
    for (std::size_t at = 0; at < count; ++at) {
      parts[at] = {orders_[at].data(), orders_[at].size()};
      messages[at].msg_hdr.msg_iov = &parts[at];
      messages[at].msg_hdr.msg_iovlen = 1;
    }
    const int sent =
        ::sendmmsg(fd_, messages.data(), static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      // What is lost is seen when reading: what was sent before is still to be read.
      if (errno == EPIPE) orders_.clear();
      return;
    }
    orders_.erase(orders_.begin(), orders_.begin() + sent);
  }
}

/// False if the connection is lost, or is not what it should be.
bool LogLink::receive(const Take& take) {
  inbox_->clear();
  const int got =
      ::recvmmsg(fd_, inbox_->messages.data(), most_received, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, nullptr);
  if (got < 0) return errno == EAGAIN || errno == EINTR || errno == ENOMEM || errno == ENOBUFS;
  for (std::size_t at = 0; at < static_cast<std::size_t>(got); ++at) {
    mmsghdr& message = inbox_->messages[at];
    const std::string_view bytes(inbox_->packets[at].data(), message.msg_len);
    Fd passed = take_descriptor(message.msg_hdr);
    const auto notice = link::parse_notice(bytes);
    if (!notice) return false;  // the empty packet is the end
    take(*notice, std::move(passed));
  }
  return true;
}

}  // namespace qmail::send
