#include "ucspi/tcpserver/tcp_server.h"

#include <algorithm>
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
#include "ucspi/tcpserver/residents.h"
#include "ucspi/tcpserver/visit.h"
#include "ucspi/tcpserver/watch.h"

namespace qmail::ucspi {
namespace {

/// TERM, CHLD and HUP are blocked but while waiting, so that none can slip in between looking and waiting.
class Server {
 public:
  Server(const House& house, const Fd& listener, Watch& watch, Residents& residents)
      : house_(house), listener_(listener), watch_(watch), residents_(residents) {}

  int run() {
    if (!watch_.add(listener_.get())) throw Failure::system("watch for clients");
    say_status();
    while (!signals::take(SIGTERM)) {
      if (signals::take(SIGHUP)) residents_.renew();
      if (signals::take(SIGCHLD)) reap_children();
      house_.announcer.flush();
      look_for_clients(children_ < house_.options.limit);
      serve_events(watch_.wait());
    }
    house_.announcer.flush();
    return 0;
  }

 private:
  void say_status() const { house_.announcer.say(status_line(children_, house_.options.limit)); }

  void look_for_clients(bool is_wanted) {
    if (is_wanted != is_looking_) watch_.set(listener_.get(), is_wanted);
    is_looking_ = is_wanted;
  }

  void serve_events(const std::vector<int>& ready) {
    for (const int fd : ready) residents_.take(fd);
    for (const Ended& session : residents_.take_ended()) end(session);
    // Last, for it opens descriptors: none of them may be taken for one that was ready before.
    if (std::find(ready.begin(), ready.end(), listener_.get()) != ready.end()) accept_some();
  }

  /// A few, so that those who end are heard between those who come.
  void accept_some() {
    constexpr int most = 16;
    for (int count = 0; count < most && children_ < house_.options.limit; ++count)
      if (!accept_one()) return;
  }

  /// False if nobody waits.
  bool accept_one() {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    Fd socket(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&storage), &size, SOCK_CLOEXEC));
    const auto remote = socket ? endpoint_of(storage) : std::nullopt;
    if (!remote) return pause_if_exhausted(errno), false;
    ++children_;
    say_status();
    if (serve(Visit(house_, std::move(socket), *remote))) return true;
    --children_;
    say_status();
    return true;
  }

  /// Without descriptors or memory the client stays in the queue; asking again at once would only burn time.
  static void pause_if_exhausted(int error) {
    constexpr int milliseconds = 100;
    if (error != EAGAIN && error != ECONNABORTED && error != EINTR) ::poll(nullptr, 0, milliseconds);
  }

  bool serve(Visit visit) {
    if (visit.serve(residents_)) return true;
    house_.announcer.flush();
    const pid_t child = ::fork();
    if (child == 0) {
      house_.announcer.enter_child();
      signals::restore();
      signals::ignore(SIGPIPE);
      visit.serve_here();
    }
    if (child < 0) house_.announcer.warn_dropping(Failure::system("fork").what());
    return child > 0;
  }

  void reap_children() {
    int status = 0;
    for (pid_t child; (child = ::waitpid(-1, &status, WNOHANG)) > 0;)
      if (!residents_.was_mine(child)) end({child, status});
  }

  void end(const Ended& session) {
    house_.announcer.say(end_line(session.pid, session.status));
    if (children_ > 0) --children_;
    say_status();
  }

  const House& house_;
  const Fd& listener_;
  Watch& watch_;
  Residents& residents_;
  std::size_t children_ = 0;
  bool is_looking_ = true;
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
  Watch watch;
  Residents residents(self, options.program.front(), watch);
  const bool serves_residently = options.is_immediate() && residents.are_possible();
  if (serves_residently) residents.make_room(options.limit);
  if (serves_residently && !signals::is_ignored(SIGHUP)) {
    signals::block(SIGHUP);
    signals::catch_flag(SIGHUP);
  }

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
  RulesFile rules(options);
  const House house{.options = options,
                    .environment = self.environment,
                    .clock = self.clock,
                    .announcer = announcer,
                    .rules = rules,
                    .nothing = nothing,
                    .port = local->port};
  return Server(house, listener, watch, residents).run();
}

}  // namespace qmail::ucspi
