#include "core/programs/qmail-send/admin_room.h"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include "core/base/fd_passing.h"
#include "core/base/sys.h"
#include "core/base/unix_address.h"

namespace qmail::send {
namespace {

namespace admin = queue::admin;

constexpr std::size_t most_clients = 8;
constexpr std::int64_t silence_seconds = 60;
/// For a message to come out of the queue log, which takes its qmail-queue a moment.
constexpr std::int64_t patience_seconds = 20;
constexpr std::int64_t deaf_seconds = 1;

/// None, with errno set.
Fd listen_on(const queue::Layout& layout) {
  Fd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return socket;
  // Whoever holds the queue's lock is alone: what is there is of one that was killed.
  if (sys::unlink_at(layout.fd(), queue::admin_socket_name) < 0 && errno != ENOENT) return Fd();
  const sockaddr_un address = address_of(layout.directory(), queue::admin_socket_name);
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(socket.get(), name, sizeof address) < 0 || ::listen(socket.get(), most_clients) < 0) return Fd();
  return socket;
}

}  // namespace

AdminRoom::AdminRoom(Desk& desk, const queue::Layout& layout, Orders& orders)
    : desk_(desk), layout_(layout), orders_(orders) {
  if (desk.exit_asap || ::faccessat(layout.fd(), queue::admin_folder, F_OK, 0) < 0) return;
  listener_ = listen_on(layout);
  if (!listener_) desk.log.put(log::warning_file("unable to listen on", queue::admin_socket_name));
}

AdminRoom::~AdminRoom() {
  // Of no consequence: the next one removes it, and meanwhile nobody answers there.
  if (listener_) static_cast<void>(sys::unlink_at(layout_.fd(), queue::admin_socket_name));
}

void AdminRoom::prepare(PollSet& set) {
  if (listener_ && clients_.size() < most_clients) {
    if (desk_.now >= deaf_until_)
      set.add(listener_.get(), POLLIN);
    else
      set.until(deaf_until_);
  }
  for (Client& client : clients_) {
    if (client.socket.backlog() > 0)
      set.add(client.socket.fd(), POLLOUT);
    else if (client.may_ask())
      set.add(client.socket.fd(), POLLIN);
    else if (is_ready(client))
      set.at_once();
    set.until(client.until);
  }
}

void AdminRoom::act(const PollSet& set) {
  if (listener_ && set.is_ready(listener_.get())) welcome();
  for (Client& client : clients_) {
    client.socket.flush();
    if (client.may_ask()) hear(client);
  }
  std::erase_if(clients_, [&](const Client& client) {
    return client.socket.is_lost() || (!client.request && desk_.now >= client.until);
  });
  serve_one();
}

void AdminRoom::welcome() {
  while (clients_.size() < most_clients) {
    Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client) {
      if (!is_only_slow(errno)) deaf_until_ = desk_.now + deaf_seconds;
      return;
    }
    clients_.push_back({.socket = PacketSocket(std::move(client), admin::longest_packet),
                        .until = desk_.now + silence_seconds});
  }
}

void AdminRoom::hear(Client& client) {
  const auto packet = client.socket.take();
  if (!packet) return;
  client.request = admin::parse_request(packet->bytes);
  client.until = desk_.now + patience_seconds;
  if (client.request)
    client.on_their_way = client.request->targets;
  else
    client.until = desk_.now;  // it does not speak our language
}

bool AdminRoom::is_ready(Client& client) {
  std::erase_if(client.on_their_way, [&](const admin::Target& target) {
    return !orders_.is_on_its_way(client.request->operation, target);
  });
  return client.on_their_way.empty() || desk_.now >= client.until;
}

/// One request a round: each may wait for the disk.
void AdminRoom::serve_one() {
  for (std::size_t turn = 0; turn < clients_.size(); ++turn) {
    Client client = std::move(clients_.front());
    clients_.pop_front();
    const bool is_served = client.request && is_ready(client);
    if (is_served) {
      client.socket.put(admin::packet(orders_.carry_out(*client.request)));
      client.request.reset();
      client.until = desk_.now + silence_seconds;
    }
    clients_.push_back(std::move(client));
    if (is_served) return;
  }
}

}  // namespace qmail::send
