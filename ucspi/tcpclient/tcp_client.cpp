#include "ucspi/tcpclient/tcp_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "core/base/spawn.h"
#include "core/dns/system_resolver.h"
#include "ucspi/lib/inquiry.h"
#include "ucspi/lib/listener.h"
#include "ucspi/tcpclient/dial.h"

namespace qmail::ucspi {
namespace {

constexpr int read_descriptor = 6, write_descriptor = 7;

std::vector<Ip> look_up(const Process& self, const ClientOptions& options) {
  dns::SystemResolver resolver(self.clock);
  return find_server(options.host, resolver.search_names(options.host), options.family, resolver);
}

Environment describe_connection(const Process& self, const ClientOptions& options, const Ends& ends) {
  const Inquiry inquiry{
      .local_host = options.local_host,
      .find_remote_host = options.find_remote_host,
      .info_seconds = options.ask_remote_info ? std::optional(options.info_seconds) : std::nullopt};
  dns::SystemResolver resolver(self.clock, {.total_seconds = name_seconds});
  Environment environment = self.environment;
  describe(inquire(ends, inquiry, resolver, self.clock), environment);
  // An empty name given with -l is set too, as in stock.
  if (options.local_host) environment.set("TCPLOCALHOST", *options.local_host);
  return environment;
}

}  // namespace

int connect_tcp(const Process& self, ClientLog& log) {
  const ClientOptions options = ClientOptions::parse(self.args);
  log.set_verbosity(options.verbosity);
  if (options.program.empty()) {
    if (options.verbosity == Verbosity::quiet) return static_cast<int>(Exit::permanent);
    throw UsageError();
  }
  const std::uint16_t port = find_port(options.port);
  const auto socket = dial(look_up(self, options), port, options, log);
  if (!socket) return static_cast<int>(Exit::temporary);
  const int on = 1;
  // If it fails, the connection is slower, and that is all.
  if (options.no_delay) ::setsockopt(socket->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const Ends ends = find_ends(socket->get());
  log.connected(ends.remote);
  exec({.argv = options.program,
        .fds = {{socket->get(), read_descriptor}, {socket->get(), write_descriptor}},
        .environment = describe_connection(self, options, ends)});
  throw Failure::system("run " + options.program.front());
}

}  // namespace qmail::ucspi
