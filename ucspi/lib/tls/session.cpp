#include "ucspi/lib/tls/session.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>

#include "core/base/deadline.h"
#include "core/base/error_text.h"
#include "core/base/fd_passing.h"
#include "core/base/text.h"
#include "ucspi/lib/tls/certificate.h"
#include "ucspi/lib/tls/facts.h"
#include "ucspi/lib/tls/relay.h"

namespace qmail::ucspi {
namespace {

using Kind = tls::Answer::Kind;

/// A program sends its request as soon as it is connected.
constexpr unsigned request_seconds = 10;
constexpr std::size_t passed_fds = 3;

struct Handover {
  std::optional<tls::Request> request;  ///< none: it makes no sense
  NetworkEnds network;
  Fd plain;
};

/// None if there is nobody any more to answer to.
std::optional<Handover> receive(const Fd& control, const Clock& clock) {
  if (!wait_until(control.get(), POLLIN, Deadline(clock, request_seconds))) return std::nullopt;
  const auto buffer = std::make_unique_for_overwrite<char[]>(tls::longest_packet + 1);
  std::vector<Fd> fds;
  const ssize_t got =
      receive_with_fds(control.get(), {buffer.get(), tls::longest_packet + 1}, fds, MSG_DONTWAIT);
  if (got <= 0) return std::nullopt;
  auto request = tls::parse_request({buffer.get(), static_cast<std::size_t>(got)});
  if (fds.size() != passed_fds) return Handover{.request = std::nullopt, .network = {}, .plain = Fd()};
  return Handover{std::move(request), {std::move(fds[0]), std::move(fds[1])}, std::move(fds[2])};
}

bool send_answer(const Fd& control, const tls::Answer& answer) {
  return send_with_fds(control.get(), tls::encode_answer(answer), {}, MSG_DONTWAIT) >= 0;
}

void prepare(const Fd& fd) {
  // They are this connection's alone: whoever had them uses the plain end from now on.
  static_cast<void>(::fcntl(fd.get(), F_SETFL, O_NONBLOCK));
  // What is written here is whole already. If it is no TCP socket, nothing waits.
  const int on = 1;
  static_cast<void>(::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

/// True if the other side's certificate was looked at and found wanting.
bool is_unverified(SSL* connection) {
  return SSL_get_verify_mode(connection) != SSL_VERIFY_NONE && SSL_get_verify_result(connection) != X509_V_OK;
}

/// Why the library or the connection ended a handshake.
std::string handshake_complaint(SSL* connection, int error, int system_error) {
  if (is_unverified(connection)) return X509_verify_cert_error_string(SSL_get_verify_result(connection));
  std::string complaint = last_complaint();
  if (!complaint.empty()) return complaint;
  const bool is_system = error == SSL_ERROR_SYSCALL && system_error != 0;
  return is_system ? error_text(system_error) : "the other side closed the connection";
}

class Session {
 public:
  Session(const Contexts& contexts, const Fd& control, const Clock& clock, const tls::Request& request,
          Handover& handover)
      : control_(control),
        clock_(clock),
        request_(request),
        network_(std::move(handover.network)),
        plain_(std::move(handover.plain)),
        connection_(contexts.connection(request)) {}

  SessionEnd run() {
    tls::Answer answer = shake_hands();
    if (answer.kind == Kind::secured) answer = check_fingerprint();
    if (!send_answer(control_, answer) || answer.kind != Kind::secured) return SessionEnd::complete;
    // Whoever asked has heard the answer; what is said from now on goes through the plain text.
    static_cast<void>(::shutdown(control_.get(), SHUT_RDWR));
    Relay relay(connection_.get(), network_, std::move(plain_), clock_);
    return relay.run() == Relay::End::cut ? SessionEnd::cut : SessionEnd::complete;
  }

 private:
  tls::Answer shake_hands() {
    prepare(network_.in);
    prepare(network_.out);
    SSL_set_rfd(connection_.get(), network_.in.get());
    SSL_set_wfd(connection_.get(), network_.out.get());
    const Deadline deadline(clock_, request_.seconds);
    for (;;) {
      ERR_clear_error();
      const int done = SSL_do_handshake(connection_.get());
      const int system_error = errno;
      if (done == 1) return {.kind = Kind::secured};
      const int error = SSL_get_error(connection_.get(), done);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        return no_agreement(handshake_complaint(connection_.get(), error, system_error));
      if (!wait(error == SSL_ERROR_WANT_WRITE, deadline)) return no_agreement("timed out");
    }
  }

  tls::Answer no_agreement(const std::string& why) const {
    return {.kind = is_unverified(connection_.get()) ? Kind::unverified : Kind::failed,
            .why = "TLS handshake failed: " + why};
  }

  /// False when the time is over, or nobody is there any more to answer to.
  bool wait(bool for_room, const Deadline& deadline) const {
    std::array<pollfd, 2> wanted{{{for_room ? network_.out.get() : network_.in.get(),
                                   static_cast<short>(for_room ? POLLOUT : POLLIN), 0},
                                  {control_.get(), 0, 0}}};
    const int left = deadline.milliseconds_left();
    if (left == 0) return false;
    const int ready = ::poll(wanted.data(), wanted.size(), left);
    return wanted[1].revents == 0 && (ready > 0 || errno == EINTR);
  }

  tls::Answer check_fingerprint() {
    tls::Answer secured{.kind = Kind::secured, .facts = facts_of(connection_.get(), request_)};
    if (request_.verify != tls::Verify::sha256) return secured;
    const Owned<X509> theirs(SSL_get1_peer_certificate(connection_.get()));
    const std::string actual = theirs ? fingerprint_of(theirs.get()) : "none";
    for (const std::string_view wanted : split(request_.sha256, ',')) {
      std::string digits = lower(wanted);
      std::erase(digits, ':');
      if (digits == actual) return secured;
    }
    return {.kind = Kind::unverified, .why = "the certificate's SHA-256 fingerprint is " + actual};
  }

  const Fd& control_;
  const Clock& clock_;
  const tls::Request& request_;
  NetworkEnds network_;
  Fd plain_;
  Owned<SSL> connection_;
};

}  // namespace

SessionEnd serve_session(const Contexts& contexts, const Fd& control, const Clock& clock) {
  auto handover = receive(control, clock);
  if (!handover) return SessionEnd::complete;
  const std::string refusal =
      handover->request ? contexts.find_refusal(*handover->request) : "the request makes no sense";
  if (refusal.empty()) return Session(contexts, control, clock, *handover->request, *handover).run();
  // Whoever does not wait for the answer does not get it.
  static_cast<void>(send_answer(control, {.kind = Kind::refused, .why = refusal}));
  return SessionEnd::complete;
}

}  // namespace qmail::ucspi
