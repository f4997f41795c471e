#include "ucspi/tcpserver/tcp_server.h"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/dns/system_resolver.h"
#include "ucspi/lib/listener.h"
#include "ucspi/tcpserver/visit.h"

namespace qmail::ucspi {
namespace {

/// TERM and CHLD are blocked but while waiting, so that none can slip in between looking and waiting.
class Server {
 public:
  Server(const House& house, const Fd& listener, const Fd& nothing)
      : house_(house), listener_(listener), nothing_(nothing) {}

  int run() {
    say_status();
    while (!signals::take(SIGTERM)) {
      if (signals::take(SIGCHLD)) reap_children();
      if (wait()) accept_one();
    }
    return 0;
  }

 private:
  void say_status() const { house_.announcer.say(status_line(children_, house_.options.limit)); }

  /// True if a client waits and there is room for it; false after a signal.
  bool wait() const {
    pollfd client{listener_.get(), POLLIN, 0};
    const nfds_t count = children_ < house_.options.limit ? 1 : 0;
    sigset_t none;
    sigemptyset(&none);
    return ::ppoll(&client, count, nullptr, &none) > 0;
  }

  void accept_one() {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    Fd socket(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&storage), &size, SOCK_CLOEXEC));
    const auto remote = socket ? endpoint_of(storage) : std::nullopt;
    if (!remote) return pause_if_exhausted(errno);
    ++children_;
    say_status();
    if (serve(Visit(house_, std::move(socket), *remote))) return;
    --children_;
    say_status();
  }

  /// Without descriptors or memory the client stays in the queue; asking again at once would only burn time.
  static void pause_if_exhausted(int error) {
    constexpr int milliseconds = 100;
    if (error != EAGAIN && error != ECONNABORTED && error != EINTR) ::poll(nullptr, 0, milliseconds);
  }

  bool serve(Visit visit) {
    const auto direct = visit.serve_in_child();
    ::dup2(nothing_.get(), 0);
    ::dup2(nothing_.get(), 1);
    if (direct) return true;
    const pid_t child = ::fork();
    if (child == 0) {
      house_.announcer.enter_child();
      signals::set_default(SIGTERM);
      signals::unblock(SIGTERM);
      visit.serve_here();
    }
    if (child < 0) house_.announcer.warn_dropping(Failure::system("fork").what());
    return child > 0;
  }

  void reap_children() {
    int status = 0;
    for (pid_t child; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      house_.announcer.say(end_line(child, status));
      if (children_ > 0) --children_;
      say_status();
    }
  }

  const House& house_;
  const Fd& listener_;
  const Fd& nothing_;  ///< /dev/null, which stands in for 0 and 1 between two connections
  std::size_t children_ = 0;
};

void become_server_user(const ServerOptions& options) {
  if (!options.uid && !options.gid) return;
  const Identity identity{.uid = options.uid.value_or(::geteuid()), .gid = options.gid.value_or(::getegid())};
  if (become(identity) < 0) throw Failure::system("set uid and gid");
}

}  // namespace

int serve_tcp(const Process& self, Announcer& announcer) {
  const ServerOptions options = ServerOptions::parse(self.args, self.environment);
  announcer.set_verbosity(options.verbosity);
  const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing) throw Failure::system("open /dev/null");
  for (const int number : {SIGCHLD, SIGTERM}) {
    signals::block(number);
    signals::catch_flag(number);
  }
  signals::ignore(SIGPIPE);

  dns::SystemResolver resolver(self.clock);
  const std::uint16_t port = find_port(options.port);
  const Fd listener = listen_on({.ip = find_local_ip(options.host, resolver), .port = port}, options.backlog);
  const auto local = local_endpoint(listener);
  if (!local) throw Failure::system("get local address");
  become_server_user(options);
  if (options.print_port)
    Writer(self.out).put(std::to_string(local->port)).put("\n").flush_or_throw("port number");

  if (::dup2(nothing.get(), 0) < 0 || ::dup2(nothing.get(), 1) < 0)
    throw Failure::system("set up descriptors");
  const House house{.options = options,
                    .environment = self.environment,
                    .clock = self.clock,
                    .announcer = announcer,
                    .port = local->port};
  return Server(house, listener, nothing).run();
}

}  // namespace qmail::ucspi
