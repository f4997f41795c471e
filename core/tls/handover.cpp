#include "core/tls/handover.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "core/base/deadline.h"
#include "core/base/error_text.h"
#include "core/base/fd_passing.h"
#include "core/base/local_socket.h"
#include "core/base/text.h"

namespace qmail::tls {
namespace {

/// What a TLS process may take beyond the time for the handshake before it is given up.
constexpr unsigned grace_seconds = 15;

const char* socket_of(Role role) { return role == Role::server ? server_socket : client_socket; }

NotSecured unavailable(const std::string& attempt, const std::string& why) {
  return {NotSecured::Reason::unavailable, "unable to " + attempt + ": " + why};
}

NotSecured lost(const std::string& why) {
  return {NotSecured::Reason::failed, "unable to secure the connection: " + why};
}

/// The text comes from a process that has talked to the network.
std::string one_line(const std::string& text) {
  constexpr std::size_t longest = 500;
  return printable(text.substr(0, longest), '?');
}

NotSecured::Reason reason_of(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::unverified: return NotSecured::Reason::unverified;
    case Answer::Kind::refused: return NotSecured::Reason::refused;
    default: return NotSecured::Reason::failed;
  }
}

/// None if it does not come in time or makes no sense.
std::optional<Answer> receive_answer(const Fd& control, const Deadline& deadline) {
  if (!wait_until(control.get(), POLLIN, deadline)) return std::nullopt;
  const auto buffer = std::make_unique_for_overwrite<char[]>(longest_packet + 1);
  const ssize_t got = ::recv(control.get(), buffer.get(), longest_packet + 1, MSG_DONTWAIT);
  if (got <= 0) return std::nullopt;
  return parse_answer({buffer.get(), static_cast<std::size_t>(got)});
}

}  // namespace

bool is_offered(const Directory& home, Role role) { return qmail::is_offered(home, socket_of(role)); }

Environment with_facts(Environment environment, const Environment& facts) {
  const std::vector<std::string> entries = environment.entries();
  for (const std::string_view entry : entries)
    if (entry.starts_with("SSL_")) environment.unset(entry.substr(0, entry.find('=')));
  for (const std::string_view fact : facts.entries()) {
    const std::size_t equals = fact.find('=');
    environment.set(fact.substr(0, equals), fact.substr(equals + 1));
  }
  return environment;
}

Outcome secure_by(const Fd& control, const Request& request, int in, int out, const Clock& clock) {
  const Deadline deadline(clock, request.seconds + grace_seconds);
  auto plain = SocketPair::try_make();
  if (!plain) return unavailable("create socket pair", error_text(errno));
  const std::array<int, 3> fds{in, out, plain->other.get()};
  if (send_with_fds(control.get(), encode_request(request), fds) < 0)
    return unavailable("hand over the connection", error_text(errno));
  plain->other.close();
  auto answer = receive_answer(control, deadline);
  if (!answer) return lost(deadline.milliseconds_left() == 0 ? "timed out" : "the TLS process is gone");
  if (answer->kind != Answer::Kind::secured)
    return NotSecured{reason_of(answer->kind), one_line(answer->why)};
  return Secured{std::move(plain->one), std::move(answer->facts)};
}

Outcome secure_by(const Fd& control, const Request& request, Reader& in, Writer& out, const Clock& clock) {
  if (!out.flush()) return lost(error_text(out.error()));
  while (in.has_buffered()) in.take(in.peek().size());
  return secure_by(control, request, in.fd(), out.fd(), clock);
}

std::variant<Fd, NotSecured> reach(const Directory& home, Role role, unsigned seconds) {
  const char* const name = socket_of(role);
  LocalConnection control = connect_locally(home, name, seconds);
  if (!control.socket) return unavailable("connect to " + home.path_of(name), control.why);
  return std::move(control.socket);
}

Outcome secure(const Directory& home, const Request& request, int in, int out, const Clock& clock) {
  auto reached = reach(home, request.role, request.seconds);
  if (auto* nobody = std::get_if<NotSecured>(&reached)) return std::move(*nobody);
  return secure_by(std::get<Fd>(reached), request, in, out, clock);
}

Outcome secure(const Directory& home, const Request& request, Reader& in, Writer& out, const Clock& clock) {
  auto reached = reach(home, request.role, request.seconds);
  if (auto* nobody = std::get_if<NotSecured>(&reached)) return std::move(*nobody);
  return secure_by(std::get<Fd>(reached), request, in, out, clock);
}

}  // namespace qmail::tls
