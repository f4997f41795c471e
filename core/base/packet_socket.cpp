#include "core/base/packet_socket.h"

#include <cerrno>

#include "core/base/fd_passing.h"

namespace qmail {

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
  const int attached = packet.attached.get();
  std::span<const int> fds(&attached, attached < 0 ? 0 : 1);
  ssize_t sent = send_with_fds(fd(), packet.bytes, fds, MSG_DONTWAIT);
  if (sent < 0 && errno == ETOOMANYREFS) sent = send_with_fds(fd(), packet.bytes, {}, MSG_DONTWAIT);
  if (sent >= 0 || is_only_slow(errno)) return sent >= 0;
  lost_ = true;
  waiting_.clear();
  return false;
}

std::optional<PacketSocket::Packet> PacketSocket::take() {
  std::vector<Fd> attached;
  // MSG_TRUNC: the length it had, even if that did not fit.
  const ssize_t got = receive_with_fds(fd(), {buffer_.get(), longest_}, attached, MSG_DONTWAIT | MSG_TRUNC);
  if (got < 0 && is_only_slow(errno)) return std::nullopt;
  if (got <= 0 || static_cast<std::size_t>(got) > longest_) {
    lost_ = true;
    return std::nullopt;
  }
  return Packet{{buffer_.get(), static_cast<std::size_t>(got)},
                attached.empty() ? Fd() : std::move(attached.front())};
}

}  // namespace qmail
