#include "ucspi/tcpserver/tcp_server.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/dns/system_resolver.h"
#include "ucspi/lib/listener.h"
#include "ucspi/tcpserver/activation.h"
#include "ucspi/tcpserver/server.h"

namespace qmail::ucspi {
namespace {

void become_server_user(const ServerOptions& options) {
  if (!options.uid && !options.gid) return;
  const Identity identity{.uid = options.uid.value_or(::geteuid()), .gid = options.gid.value_or(::getegid())};
  if (become(identity) < 0) throw Failure::system("set uid and gid");
}

/// One for each host and port, or those that were opened for this process.
std::vector<Fd> open_listeners(const Process& self, const ServerOptions& options) {
  std::vector<Fd> listeners = take_activated(self.environment, ::getpid());
  if (!listeners.empty()) return listeners;
  dns::SystemResolver resolver(self.clock);
  const bool is_single = options.ports.size() * options.hosts.size() == 1;
  for (const std::string& port : options.ports) {
    const std::uint16_t number = find_port(port);
    for (const std::string& host : options.hosts) {
      const Endpoint local{.ip = find_local_ip(host, options.family, resolver), .port = number};
      // Where there is but one, everybody knows which.
      const std::string which = is_single ? "" : " to " + host + " port " + port;
      listeners.push_back(listen_on(local, options.backlog, options.family, which));
    }
  }
  return listeners;
}

void print_ports(const std::vector<Fd>& listeners, int out) {
  Writer writer(out);
  for (const Fd& listener : listeners) {
    const auto local = local_endpoint(listener);
    if (!local) throw Failure::system("get local address");
    writer.put(std::to_string(local->port)).put("\n");
  }
  writer.flush_or_throw("port number");
}

void catch_signals() {
  for (const int number : {SIGCHLD, SIGTERM, SIGHUP}) {
    // Who started it with nohup(1) wants it so.
    if (number == SIGHUP && signals::is_ignored(number)) continue;
    signals::block(number);
    signals::catch_flag(number);
  }
  signals::ignore(SIGPIPE);
}

}  // namespace

int serve_tcp(const Process& self, Announcer& announcer) {
  const ServerOptions options = ServerOptions::parse(self.args, self.environment);
  announcer.set_verbosity(options.verbosity);
  const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing) throw Failure::system("open /dev/null");
  catch_signals();
  std::vector<Fd> listeners = open_listeners(self, options);
  Watch watch;
  FileLimit files;
  Staff staff(self, watch, files);
  staff.make_room(options.program.front(), options.limit);
  become_server_user(options);
  if (options.print_port) print_ports(listeners, self.out);

  if (::dup2(nothing.get(), 0) < 0 || ::dup2(nothing.get(), 1) < 0)
    throw Failure::system("set up descriptors");
  Environment environment = self.environment;
  hide_activation(environment);
  const SteadyClock clock;
  RulesFile rules(options);
  NameCache names(clock);
  const House house{.options = options,
                    .environment = environment,
                    .announcer = announcer,
                    .rules = rules,
                    .names = names,
                    .files = files};
  return Server(house, clock, std::move(listeners), watch, staff).run();
}

}  // namespace qmail::ucspi
