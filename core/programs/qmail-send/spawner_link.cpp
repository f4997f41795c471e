#include "core/programs/qmail-send/spawner_link.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/failure.h"

namespace qmail::send {
namespace {

constexpr std::size_t block_size = 4096;

queue::Slot read_announcement(int fd) {
  std::array<char, queue::announcement_bytes> bytes{};
  for (std::size_t have = 0; have < bytes.size();) {
    const ssize_t got = ::read(fd, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Failure(Exit::temporary, "hath the daemon spawn no fire?");
    have += static_cast<std::size_t>(got);
  }
  return queue::parse_announcement({bytes.data(), bytes.size()}).value_or(0);
}

}  // namespace

SpawnerLink::SpawnerLink(int requests, int reports)
    : requests_(requests), reports_(reports), limit_(read_announcement(reports)) {
  // A spawner that waits for us to read must not find us waiting for it.
  if (::fcntl(requests_, F_SETFL, O_NONBLOCK) < 0) throw Failure::system("set up spawn connection");
}

void SpawnerLink::prepare(PollSet& set) {
  if (!alive_) return;
  // A lost spawner is seen when reading: what it said before is still to be read.
  if (!pending_.is_empty()) static_cast<void>(pending_.send(requests_));
  set.add(reports_, POLLIN);
  if (!pending_.is_empty()) set.add(requests_, POLLOUT);
}

std::vector<queue::DeliveryReport> SpawnerLink::act(const PollSet& set) {
  if (alive_ && set.is_ready(reports_)) return read();
  return {};
}

std::vector<queue::DeliveryReport> SpawnerLink::read() {
  std::array<char, block_size> block;
  const ssize_t got = ::read(reports_, block.data(), block.size());
  if (got == 0) alive_ = false;
  std::vector<queue::DeliveryReport> reports;
  std::string_view bytes(block.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  while (auto report = reader_.take(bytes)) reports.push_back(std::move(*report));
  return reports;
}

}  // namespace qmail::send
