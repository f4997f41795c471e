#include "ucspi/tcpserver/visit.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/spawn.h"
#include "ucspi/lib/listener.h"
#include "ucspi/lib/proxy_header.h"
#include "ucspi/lib/rules.h"
#include "ucspi/tcpserver/rule_limits.h"

namespace qmail::ucspi {
namespace {

constexpr int denied = 100;

/// The descriptors of who is asked: 0 of the server is /dev/null. What is to be said in the log is said by
/// who gets the client.
constexpr std::array<int, 3> no_client{0, 0, 0};

bool connect_descriptors(const Fd& socket) {
  return ::dup2(socket.get(), 0) == 0 && ::dup2(socket.get(), 1) == 1;
}

/// A new connection takes some bytes at once. Should it not, nobody waits for it.
bool send_at_once(const Fd& socket, std::string_view text) {
  if (text.empty()) return true;
  const ssize_t sent = ::send(socket.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(text.size());
}

/// So that closing the connection does not take back what was written: bytes that nobody read would do that.
void throw_away_input(const Fd& socket) {
  std::array<char, 4096> block;
  constexpr int most_blocks = 16;
  ::shutdown(socket.get(), SHUT_WR);
  for (int count = 0; count < most_blocks; ++count)
    if (::recv(socket.get(), block.data(), block.size(), MSG_DONTWAIT) <= 0) return;
}

}  // namespace

Visit::Header Visit::take_header() {
  std::array<char, longest_proxy_header> block;
  const std::size_t room = longest_proxy_header - header_.size();
  const ssize_t got = ::recv(socket_.get(), block.data(), room, MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Header::more;
  const std::size_t before = header_.size();
  if (got > 0) header_.append(block.data(), static_cast<std::size_t>(got));
  const ProxyHeader header = parse_proxy_header(header_);
  if (got <= 0 || header.state == ProxyHeader::State::malformed) {
    warn_of_header(got <= 0 ? "connection closed" : "not a PROXY header");
    return Header::refused;
  }
  const bool is_complete = header.state == ProxyHeader::State::complete;
  // These are there: they were looked at.
  const std::size_t ours = (is_complete ? header.size : header_.size()) - before;
  if (::recv(socket_.get(), block.data(), ours, MSG_DONTWAIT) != static_cast<ssize_t>(ours))
    return Header::refused;
  if (!is_complete) return Header::more;
  if (header.ends) {
    remote_ = header.ends->source;
    local_ = header.ends->destination;
  }
  header_.clear();
  return Header::taken;
}

void Visit::warn_of_header(const std::string& why) const {
  house_.announcer.warn_dropping("unable to read PROXY header from " + remote_.ip.text() + ": " + why);
}

bool Visit::greet() {
  if (!describe_ends()) {
    house_.announcer.warn_dropping(Failure::system("get local address").what());
    return false;
  }
  set_socket_options();
  if (send_at_once(socket_, house_.options.banner)) return true;
  house_.announcer.warn_dropping(Failure::system("write banner").what());
  return false;
}

/// Neither option matters enough to drop a connection.
void Visit::set_socket_options() const {
  if (!house_.options.keep_ip_options) ::setsockopt(socket_.get(), IPPROTO_IP, IP_OPTIONS, nullptr, 0);
  const int on = 1;
  if (house_.options.no_delay) ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool Visit::describe_ends() {
  if (!local_) local_ = local_endpoint(socket_);
  if (!local_) return false;
  peer_.local_ip = local_->ip.text();
  peer_.local_port = std::to_string(local_->port);
  peer_.local_host = house_.options.local_host.value_or("");
  peer_.remote_ip = remote_.ip.text();
  peer_.remote_port = std::to_string(remote_.port);
  return true;
}

Questions Visit::questions() {
  Questions questions{.local = *local_,
                      .remote = remote_,
                      .items = {},
                      .paranoid = house_.options.paranoid,
                      .info_seconds = house_.options.info_seconds};
  const auto ask = [&](const Ip& ip, Item item, std::string& answer) {
    if (auto known = house_.names.find(ip, item))
      answer = std::move(*known);
    else
      questions.items.push_back(item);
  };
  // In order of weight, should the time not suffice for all: rules may need the client's name.
  if (house_.options.find_remote_host) ask(remote_.ip, Item::remote_host, peer_.remote_host);
  if (!house_.options.local_host) ask(local_->ip, Item::local_host, peer_.local_host);
  if (house_.options.ask_remote_info) questions.items.push_back(Item::remote_info);
  return questions;
}

void Visit::learn(const Finding& finding) {
  switch (finding.item) {
    case Item::remote_host:
      peer_.remote_host = finding.text;
      house_.names.put(remote_.ip, finding);
      break;
    case Item::local_host:
      peer_.local_host = finding.text;
      house_.names.put(local_->ip, finding);
      break;
    case Item::remote_info: peer_.remote_info = finding.text; break;
  }
}

std::optional<Limit> Visit::judge(const ConnectionCounts& counts) {
  rules_error_ = house_.rules.refresh();
  if (rules_error_ != 0) return std::nullopt;
  apply_rules();
  return denied_ ? std::nullopt : exceeded_limit(environment_, remote_.ip, counts);
}

/// Makes the program's environment.
void Visit::apply_rules() {
  environment_ = house_.environment;
  describe(peer_, environment_);
  // An empty name given with -l is set too, as in stock.
  if (house_.options.local_host) environment_.set("TCPLOCALHOST", *house_.options.local_host);
  const auto rules = house_.rules.rules();
  const auto rule = rules ? find_rule(*rules, peer_) : std::nullopt;
  if (!rule) return;
  for (const auto& [name, value] : rule->instructions.variables) environment_.set(name, value);
  denied_ = rule->instructions.deny;
}

std::string Visit::refusal() const {
  const Environment& environment = environment_.entries().empty() ? house_.environment : environment_;
  const auto text = environment.find("DIEMSG");
  return text ? std::string(*text) : house_.options.refusal.value_or("");
}

void Visit::refuse(const Limit& limit) {
  if (!describe_ends()) return;
  house_.announcer.say(limit_line(peer_, limit));
  const std::string text = refusal();
  // Whoever does not take it does without.
  if (!text.empty()) static_cast<void>(send_at_once(socket_, text + "\r\n"));
  throw_away_input(socket_);
}

std::span<const std::string> Visit::command() const {
  return std::span(house_.options.program).subspan(first_);
}

resident::Job Visit::job() const { return {.args = command(), .environment = environment_, .fds = fds_}; }

bool Visit::has_usual_path() const { return environment_.find("PATH") == house_.environment.find("PATH"); }

resident::Job Visit::question() const {
  return {.args = command(), .environment = environment_, .fds = no_client};
}

bool Visit::go_on(const Onward& onward) {
  if (onward.first >= command().size()) return false;
  first_ += onward.first;
  for (const auto& [name, value] : onward.variables) environment_.set(name, value);
  return true;
}

void Visit::announce(pid_t pid) const {
  house_.announcer.say(pid_line(pid, peer_.remote_ip) + verdict_line(false, pid, peer_));
}

void Visit::warn_of_program(int error) const {
  house_.announcer.warn_dropping(Failure::system("run " + command().front(), error).what());
}

void Visit::serve_here() {
  house_.announcer.say(pid_line(::getpid(), peer_.remote_ip));
  if (rules_error_ != 0) throw Failure::system("read " + *house_.options.rules, rules_error_);
  house_.announcer.say(verdict_line(denied_, ::getpid(), peer_));
  if (denied_) ::_exit(denied);
  if (!connect_descriptors(socket_)) throw Failure::system("set up descriptors");
  exec({.argv = {command().begin(), command().end()}, .environment = environment_});
  throw Failure::system("run " + command().front());
}

}  // namespace qmail::ucspi
