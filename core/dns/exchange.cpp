#include "core/dns/exchange.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/random.h"

namespace qmail::dns {
namespace {

/// Room for what a server may send over UDP although we asked for less.
constexpr std::size_t largest_datagram = 4096;
/// RFC 1035 section 4.2.2: before each message over TCP stands its length.
constexpr std::size_t length_size = 2;

bool is_for_later(int error) { return error == EINTR || error == EAGAIN; }

}  // namespace

Exchange::Exchange(const Endpoint& server, std::string name, Type type)
    : server_(server), name_(std::move(name)), type_(type) {
  start(true);
}

short Exchange::events() const { return stage_ == Stage::sending ? POLLOUT : POLLIN; }

void Exchange::finish(std::optional<Message> answer) {
  answer_ = std::move(answer);
  stage_ = Stage::over;
  fd_.close();
}

/// A connected socket: the kernel then drops datagrams from anybody but the server.
bool Exchange::connect(int kind) {
  const SocketAddress address(server_);
  fd_ = Fd(::socket(address.family(), kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return fd_ && (::connect(fd_.get(), address.get(), address.size()) == 0 || errno == EINPROGRESS);
}

void Exchange::start(bool edns) {
  edns_ = edns;
  auto query = build_query(static_cast<std::uint16_t>(random_number()), name_, type_, edns);
  if (!query) return finish();
  query_ = std::move(*query);
  if (!connect(SOCK_DGRAM) || ::send(fd_.get(), query_.data(), query_.size(), MSG_NOSIGNAL) < 0)
    return finish();
  stage_ = Stage::datagram;
}

void Exchange::start_tcp() {
  if (!connect(SOCK_STREAM)) return finish();
  out_ = {static_cast<char>(query_.size() >> 8), static_cast<char>(query_.size() & 0xff)};
  out_ += query_;
  in_.clear();
  stage_ = Stage::sending;
}

void Exchange::proceed() {
  if (stage_ == Stage::datagram) return receive_datagram();
  if (stage_ == Stage::sending) return send_query();
  if (stage_ == Stage::receiving) return receive_stream();
}

void Exchange::receive_datagram() {
  std::string reply(largest_datagram, '\0');
  const ssize_t got = ::recv(fd_.get(), reply.data(), reply.size(), 0);
  if (got < 0) return is_for_later(errno) ? void() : finish();
  reply.resize(static_cast<std::size_t>(got));
  if (is_reply_to(reply, query_)) take(reply, true);
}

/// A connection that could not be made shows here.
void Exchange::send_query() {
  const ssize_t sent = ::send(fd_.get(), out_.data(), out_.size(), MSG_NOSIGNAL);
  if (sent < 0) return is_for_later(errno) ? void() : finish();
  out_.erase(0, static_cast<std::size_t>(sent));
  if (out_.empty()) stage_ = Stage::receiving;
}

void Exchange::receive_stream() {
  const auto byte = [this](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(in_[at]));
  };
  const std::size_t have = in_.size();
  const std::size_t whole = have < length_size ? length_size : length_size + (byte(0) << 8 | byte(1));
  in_.resize(whole);
  const ssize_t got = ::recv(fd_.get(), in_.data() + have, whole - have, 0);
  in_.resize(have + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got == 0 || (got < 0 && !is_for_later(errno))) return finish();
  if (in_.size() < length_size || in_.size() < length_size + (byte(0) << 8 | byte(1))) return;
  const std::string_view reply = std::string_view(in_).substr(length_size);
  if (!is_reply_to(reply, query_)) return finish();
  take(reply, false);
}

void Exchange::take(std::string_view reply, bool over_udp) {
  auto message = parse_message(reply);
  if (!message) return finish();
  if (message->truncated) return over_udp ? start_tcp() : finish();
  const bool is_too_modern = message->code == Code::malformed_query || message->code == Code::not_implemented;
  if (is_too_modern && edns_) return start(false);
  finish(std::move(message));
}

}  // namespace qmail::dns
