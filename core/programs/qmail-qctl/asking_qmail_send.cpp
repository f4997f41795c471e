#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

#include "core/base/failure.h"
#include "core/base/unix_address.h"
#include "core/programs/qmail-qctl/queue_owner.h"

namespace qmail::qctl {
namespace {

namespace admin = queue::admin;

/// For one request: it waits for its turn among the deliveries, and for the disk.
constexpr int patience_milliseconds = 180'000;

class RunningSend final : public QueueOwner {
 public:
  explicit RunningSend(Fd socket) : socket_(std::move(socket)) {}

  admin::Reply carry_out(const admin::Request& request) override {
    const std::string packet = admin::packet(request);
    if (::send(socket_.get(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0)
      throw Failure::system("send to qmail-send");
    pollfd wait{socket_.get(), POLLIN, 0};
    const int ready = ::poll(&wait, 1, patience_milliseconds);
    if (ready < 0) throw Failure::system("wait for qmail-send");
    if (ready == 0)
      throw Failure(Exit::temporary, "qmail-send does not answer: look whether its disk is well");
    std::array<char, admin::longest_packet> block;
    const ssize_t got = ::recv(socket_.get(), block.data(), block.size(), 0);
    if (got < 0) throw Failure::system("receive from qmail-send");
    if (got == 0)
      throw Failure(Exit::temporary,
                    "qmail-send has ended or has not understood, and may have done a part: try again");
    auto reply = admin::parse_reply({block.data(), static_cast<std::size_t>(got)});
    if (!reply || reply->size() != request.targets.size())
      throw Failure(Exit::temporary, "qmail-send answers in another language: it is of another release");
    return std::move(*reply);
  }

 private:
  Fd socket_;
};

}  // namespace

std::unique_ptr<QueueOwner> find_qmail_send(const queue::Layout& queue) {
  Fd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!socket) throw Failure::system("make a socket");
  const sockaddr_un address = address_of(queue.directory(), queue::admin_socket_name);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return std::make_unique<RunningSend>(std::move(socket));
  if (errno == ENOENT || errno == ECONNREFUSED) return nullptr;
  throw Failure::system("ask qmail-send at " + queue.directory().path_of(queue::admin_socket_name));
}

}  // namespace qmail::qctl
