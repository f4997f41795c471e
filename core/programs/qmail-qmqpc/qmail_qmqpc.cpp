#include "core/programs/qmail-qmqpc/qmail_qmqpc.h"

#include <signal.h>

#include "core/base/connect.h"
#include "core/base/home.h"
#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/control/control.h"
#include "core/format/netstring.h"
#include "core/format/socket_address.h"

namespace qmail {
namespace {

using enum QmqpCode;

constexpr std::uint16_t qmqp_port = 628;
constexpr int connect_milliseconds = 10000;
constexpr int wait_seconds = 60;
constexpr std::size_t longest_answer = 1000;
constexpr std::size_t longest_list = std::size_t{1} << 20;
/// No server takes more: a length of ten digits is the longest.
constexpr std::size_t longest_message = 2000000000;

Failure failure(QmqpCode code, const std::string& why) {
  return {static_cast<Exit>(static_cast<int>(code)), why};
}

Failure system_failure(QmqpCode code, const std::string& attempt, int error = errno) {
  return failure(code, "unable to " + attempt + ": " + error_text(error));
}

std::string read_input(int fd, const std::string& what) {
  auto bytes = try_read_all(fd, longest_message);
  if (!bytes) throw system_failure(read_error, "read " + what);
  return std::move(*bytes);
}

/// Not through Control, which knows 111 only: whoever called us knows qmail-queue's codes.
std::vector<std::string> read_servers() {
  const auto home = Directory::try_open(home_path());
  if (!home) throw system_failure(no_home, "open directory " + home_path());
  const std::string name = "control/qmqpservers";
  const Fd file = home->try_file(name);
  const auto text = file ? try_read_all(file.get(), longest_list) : std::nullopt;
  if (!text) throw system_failure(no_control, "read " + home->path_of(name));
  return control_lines(*text);
}

/// Why there is no connection; `fd` is one otherwise.
struct Attempt {
  Fd fd;
  int error = 0;
};

Attempt connect_to(const Ip& ip) {
  const SocketAddress address({.ip = ip, .port = qmqp_port});
  Attempt attempt{Fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))};
  if (!attempt.fd) throw system_failure(no_socket, "make a socket");
  if (connect_within(attempt.fd.get(), address.get(), address.size(), connect_milliseconds)) return attempt;
  attempt.error = errno;
  attempt.fd.close();
  return attempt;
}

/// The first letter of the answer decides: a netstring whose length is of no interest.
char read_answer(int fd) {
  Reader in(fd, wait_seconds);
  for (std::size_t read = 0; read < longest_answer; ++read) {
    const auto c = in.get();
    if (!c)
      throw system_failure(connection_lost, "read the server's answer", in.error() ? in.error() : ECONNRESET);
    if (*c == 'K' || *c == 'Z' || *c == 'D') return *c;
  }
  throw failure(connection_lost, "unable to read the server's answer: it makes no sense");
}

void transfer(int fd, std::string_view message, std::string_view envelope, const std::string& server) {
  const std::string head = std::to_string(message.size()) + ":";
  Writer out(fd, wait_seconds);
  out.put(std::to_string(head.size() + message.size() + 1 + envelope.size()) + ":");
  out.put(head).put(message).put(",").put(envelope).put(",");
  if (!out.flush()) throw system_failure(connection_lost, "send to " + server, out.error());
  switch (read_answer(fd)) {
    case 'K': return;
    case 'Z': throw failure(deferred, server + " does not take the message now");
    default: throw failure(refused, server + " refuses the message");
  }
}

}  // namespace

std::string qmqp_envelope(std::string_view envelope) {
  std::string text;
  char expected = 'F';
  for (;;) {
    const std::size_t end = envelope.find('\0');
    if (end == std::string_view::npos) throw failure(bad_envelope, "envelope is cut short");
    const std::string_view address = envelope.substr(0, end);
    if (address.empty() && expected == 'T') return text;
    if (address.empty() || address.front() != expected) throw failure(bad_envelope, "envelope is malformed");
    text += netstring(address.substr(1));
    envelope.remove_prefix(end + 1);
    expected = 'T';
  }
}

int queue_by_qmqp(const Process& self) {
  signals::ignore(SIGPIPE);
  const std::vector<std::string> servers = read_servers();
  const std::string message = read_input(self.in, "message");
  const std::string envelope =
      qmqp_envelope(read_input(self.out, "envelope"));  // read from, as in qmail-queue
  Failure last = failure(no_control, "control/qmqpservers names no server");
  for (const std::string& server : servers) {
    const auto ip = Ip::parse(server);
    if (!ip) {
      last = failure(no_control, "control/qmqpservers has a line that is no IP address: " + server);
      continue;
    }
    const Attempt attempt = connect_to(*ip);
    if (attempt.fd) {
      transfer(attempt.fd.get(), message, envelope, server);
      return 0;
    }
    last = system_failure(attempt.error == ETIMEDOUT ? too_slow : not_connected, "connect to " + server,
                          attempt.error);
  }
  throw last;
}

}  // namespace qmail
