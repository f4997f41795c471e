#include "ucspi/tcpserver/visit.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/spawn.h"
#include "core/base/text.h"
#include "core/dns/system_resolver.h"
#include "ucspi/lib/ident.h"
#include "ucspi/lib/listener.h"
#include "ucspi/lib/rules.h"

namespace qmail::ucspi {
namespace {

constexpr int denied = 100;

bool connect_descriptors(const Fd& socket) {
  return ::dup2(socket.get(), 0) == 0 && ::dup2(socket.get(), 1) == 1;
}

}  // namespace

void Visit::serve_here() {
  house_.announcer.say(pid_line(::getpid(), remote_.ip.text()));
  set_socket_options();
  greet();
  const auto local = local_endpoint(socket_);
  if (!local) throw Failure::system("get local address");
  describe_ends(*local);
  look_up(*local);
  if (const int error = house_.rules.refresh(); error != 0)
    throw Failure::system("read " + *house_.options.rules, error);
  const bool allowed = apply_rules();
  house_.announcer.say(verdict_line(!allowed, ::getpid(), peer_));
  if (!allowed) ::_exit(denied);
  if (!connect_descriptors(socket_)) throw Failure::system("set up descriptors");
  exec({.argv = house_.options.program, .environment = environment_});
  throw Failure::system("run " + house_.options.program.front());
}

std::optional<pid_t> Visit::serve(Residents& residents) {
  const auto local = house_.options.is_immediate() ? local_endpoint(socket_) : std::nullopt;
  if (!local) return std::nullopt;
  describe_ends(*local);
  if (house_.rules.refresh() != 0 || !apply_rules()) return std::nullopt;
  set_socket_options();
  auto pid = residents.serve({.args = house_.options.program,
                              .environment = environment_,
                              .fds = std::array{socket_.get(), socket_.get(), 2}});
  if (!pid) pid = serve_in_child();
  if (pid) house_.announcer.say(pid_line(*pid, peer_.remote_ip) + verdict_line(false, *pid, peer_));
  return pid;
}

/// Descriptors 0 and 1 are this connection's meanwhile.
std::optional<pid_t> Visit::serve_in_child() {
  house_.announcer.flush();
  if (!connect_descriptors(socket_)) return std::nullopt;
  const auto child = spawn({.argv = house_.options.program, .environment = environment_});
  ::dup2(house_.nothing.get(), 0);
  ::dup2(house_.nothing.get(), 1);
  return child;
}

/// Neither option matters enough to drop a connection.
void Visit::set_socket_options() const {
  if (!house_.options.keep_ip_options) ::setsockopt(socket_.get(), IPPROTO_IP, IP_OPTIONS, nullptr, 0);
  const int on = 1;
  if (house_.options.no_delay) ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Visit::greet() const { Writer(socket_.get()).put(house_.options.banner).flush_or_throw("banner"); }

void Visit::describe_ends(const Endpoint& local) {
  peer_.local_ip = local.ip.text();
  peer_.local_port = std::to_string(house_.port);
  peer_.local_host = house_.options.local_host.value_or("");
  peer_.remote_ip = remote_.ip.text();
  peer_.remote_port = std::to_string(remote_.port);
}

void Visit::look_up(const Endpoint& local) {
  dns::SystemResolver resolver(house_.clock);
  if (!house_.options.local_host) {
    const auto names = resolver.names(local.ip);
    if (!names.records.empty()) peer_.local_host = lower(names.records.front());
  }
  if (house_.options.find_remote_host) find_remote_host(resolver);
  if (house_.options.ask_remote_info)
    peer_.remote_info = ask_ident(local, remote_, house_.options.info_seconds, house_.clock).value_or("");
}

void Visit::find_remote_host(dns::Resolver& resolver) {
  const auto names = resolver.names(remote_.ip);
  if (names.records.empty()) return;
  const std::string& name = names.records.front();
  if (house_.options.paranoid) {
    const auto addresses = resolver.addresses(name).records;
    if (std::find(addresses.begin(), addresses.end(), remote_.ip) == addresses.end()) return;
  }
  peer_.remote_host = lower(name);
}

/// The program's environment. False if the rules deny the connection.
bool Visit::apply_rules() {
  environment_ = house_.environment;
  describe(peer_, environment_);
  // An empty name given with -l is set too, as in stock.
  if (house_.options.local_host) environment_.set("TCPLOCALHOST", *house_.options.local_host);
  const auto rules = house_.rules.rules();
  const auto rule = rules ? find_rule(*rules, peer_) : std::nullopt;
  if (!rule) return true;
  for (const auto& [name, value] : rule->instructions.variables) environment_.set(name, value);
  return !rule->instructions.deny;
}

}  // namespace qmail::ucspi
