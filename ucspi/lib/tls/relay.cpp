#include "ucspi/lib/tls/relay.h"

#include <cerrno>
#include <openssl/err.h>
#include <sys/socket.h>

namespace qmail::ucspi {
namespace {

/// When nobody waits for the other side's words any more: how long it may take to take in our last ones, and
/// then to close. Closing before it has would destroy what is still on its way there (RFC 1122, 4.2.2.13).
constexpr unsigned flushing_seconds = 120;
constexpr unsigned lingering_seconds = 10;

bool must_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Relay::End Relay::run() {
  for (;;) {
    need_in_ = need_out_ = false;
    plain_events_ = 0;
    read_network();
    write_plain();
    read_plain();
    write_network();
    say_goodbye();
    if (is_over()) return end_;
    wait();
  }
}

bool Relay::note_need(int result) {
  const int error = SSL_get_error(connection_, result);
  need_in_ = need_in_ || error == SSL_ERROR_WANT_READ;
  need_out_ = need_out_ || error == SSL_ERROR_WANT_WRITE;
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

void Relay::end_network(End how) {
  network_ended_ = true;
  if (how == End::complete) return;
  network_lost_ = true;
  end_ = how;
  to_network_.begin = to_network_.end;
}

void Relay::read_network() {
  if (network_ended_ || !to_plain_.is_empty()) return;
  ERR_clear_error();
  const int got = SSL_read(connection_, to_plain_.bytes.data(), static_cast<int>(to_plain_.bytes.size()));
  if (got > 0) {
    to_plain_.begin = 0;
    to_plain_.end = plain_gone_ ? 0 : static_cast<std::size_t>(got);
    return;
  }
  if (note_need(got)) return;
  if (SSL_get_error(connection_, got) == SSL_ERROR_ZERO_RETURN) return end_network(End::complete);
  const bool is_cut = ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  // Whoever has nothing more to say need not care how he is answered.
  end_network(is_cut && !plain_ended_ ? End::cut : End::lost);
}

void Relay::write_plain() {
  while (!to_plain_.is_empty()) {
    const ssize_t sent = ::send(plain_.get(), to_plain_.bytes.data() + to_plain_.begin,
                                to_plain_.end - to_plain_.begin, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      to_plain_.begin += static_cast<std::size_t>(sent);
    } else if (must_wait(errno)) {
      plain_events_ |= POLLOUT;
      return;
    } else {
      plain_gone_ = true;
      to_plain_.begin = to_plain_.end;
    }
  }
  if (!network_ended_ || plain_told_) return;
  plain_told_ = true;
  // If nobody is there any more, nobody has to know.
  static_cast<void>(::shutdown(plain_.get(), SHUT_WR));
}

void Relay::read_plain() {
  if (plain_ended_ || network_lost_ || !to_network_.is_empty()) return;
  const ssize_t got = ::recv(plain_.get(), to_network_.bytes.data(), to_network_.bytes.size(), MSG_DONTWAIT);
  to_network_.begin = 0;
  to_network_.end = got > 0 ? static_cast<std::size_t>(got) : 0;
  if (got < 0 && must_wait(errno))
    plain_events_ |= POLLIN;
  else
    plain_ended_ = got <= 0;
}

void Relay::write_network() {
  while (!to_network_.is_empty()) {
    ERR_clear_error();
    const int sent = SSL_write(connection_, to_network_.bytes.data() + to_network_.begin,
                               static_cast<int>(to_network_.end - to_network_.begin));
    if (sent > 0)
      to_network_.begin += static_cast<std::size_t>(sent);
    else if (note_need(sent))
      return;
    else
      return end_network(End::lost);
  }
}

void Relay::say_goodbye() {
  if (!plain_ended_ || !to_network_.is_empty() || said_goodbye_ || network_lost_) return;
  ERR_clear_error();
  const int said = SSL_shutdown(connection_);
  if (said < 0 && note_need(said)) return;
  if (said < 0) return end_network(End::lost);
  said_goodbye_ = true;
  // Where the connection is no socket, closing it later tells the same.
  static_cast<void>(::shutdown(network_.out.get(), SHUT_WR));
}

bool Relay::is_over() const {
  if (closing_ && closing_->milliseconds_left() == 0) return true;
  return network_ended_ && to_plain_.is_empty() && (network_lost_ || said_goodbye_);
}

void Relay::wait() {
  // Something was read and not yet passed on: there is more to do at once.
  const bool can_read_on = !network_ended_ && to_plain_.is_empty() && !need_in_ && !need_out_;
  const bool can_write_on =
      !plain_ended_ && to_network_.is_empty() && (plain_events_ & POLLIN) == 0 && !network_lost_;
  if (can_read_on || can_write_on) return;
  // The last words are said: does anybody still listen there?
  const bool watches_plain = plain_events_ != 0 || (plain_ended_ && !plain_told_ && !plain_gone_);
  std::array<pollfd, 3> wanted{{{need_in_ ? network_.in.get() : -1, POLLIN, 0},
                                {need_out_ ? network_.out.get() : -1, POLLOUT, 0},
                                {watches_plain ? plain_.get() : -1, plain_events_, 0}}};
  // Interrupted or not, everything is tried again.
  static_cast<void>(::poll(wanted.data(), wanted.size(), closing_ ? closing_->milliseconds_left() : -1));
  look_at(wanted[2]);
}

void Relay::look_at(const pollfd& plain) {
  if (plain_ended_ && (plain.revents & (POLLHUP | POLLERR)) != 0) plain_gone_ = true;
  const unsigned seconds = said_goodbye_ ? lingering_seconds : flushing_seconds;
  if (!plain_gone_ || !plain_ended_ || closing_seconds_ == seconds) return;
  closing_.emplace(clock_, seconds);
  closing_seconds_ = seconds;
}

}  // namespace qmail::ucspi
