#include "ucspi/tcpserver/look_up.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/deadline.h"
#include "core/base/fd_passing.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/dns/system_resolver.h"
#include "ucspi/lib/ident.h"

namespace qmail::ucspi {
namespace {

/// A name of the DNS has 255 bytes, each of which may be written with four.
constexpr std::size_t longest_text = 1020;
constexpr std::size_t head_size = 1 + sizeof(std::uint32_t);
/// So that the server hears of the last failure before its own patience ends.
constexpr int margin_milliseconds = 100;

bool is_item(char byte) {
  return byte == static_cast<char>(Item::local_host) || byte == static_cast<char>(Item::remote_host) ||
         byte == static_cast<char>(Item::remote_info);
}

/// In the process that asks: nothing of the server's stays open but `kept` and standard error, so that a
/// client the server hangs up on is hung up on.
void close_all_but(int kept) {
  const auto number = static_cast<unsigned>(kept);
  if (number > 3) ::close_range(3, number - 1, 0);
  ::close_range(number + 1, ~0U, 0);
}

Finding find(Item item, const Questions& questions, dns::Resolver& resolver, const Clock& clock) {
  if (item == Item::local_host) return find_name(resolver, item, questions.local.ip, false);
  if (item == Item::remote_host) return find_name(resolver, item, questions.remote.ip, questions.paranoid);
  const auto info = ask_ident(questions.local, questions.remote, questions.info_seconds, clock);
  return {.item = item, .ttl = 0, .text = info.value_or("")};
}

[[noreturn]] void ask(const Questions& questions, const Fd& server) {
  signals::restore();
  close_all_but(server.get());
  const SteadyClock clock;
  const Deadline budget(clock, std::chrono::milliseconds(name_milliseconds - margin_milliseconds));
  dns::SystemResolver resolver(clock, {.budget = &budget});
  for (const Item item : questions.items) {
    // Without time left for it this would be the failure of no server.
    if (item != Item::remote_info && budget.milliseconds_left() == 0) continue;
    const std::string packet = encode_finding(find(item, questions, resolver, clock));
    // A server that waits no longer has closed its end.
    if (::send(server.get(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0) break;
  }
  ::_exit(0);
}

}  // namespace

std::string encode_finding(const Finding& finding) {
  std::string packet(1, static_cast<char>(finding.item));
  packet.append(reinterpret_cast<const char*>(&finding.ttl), sizeof finding.ttl);
  return packet.append(finding.text, 0, longest_text);
}

std::optional<Finding> parse_finding(std::string_view packet) {
  if (packet.size() < head_size || packet.size() > head_size + longest_text || !is_item(packet.front()))
    return std::nullopt;
  Finding finding{.item = static_cast<Item>(packet.front()), .ttl = 0, .text = ""};
  std::memcpy(&finding.ttl, packet.data() + 1, sizeof finding.ttl);
  packet.remove_prefix(head_size);
  // It becomes a variable.
  if (packet.find('\0') != std::string_view::npos) return std::nullopt;
  finding.text = packet;
  return finding;
}

Finding find_name(dns::Resolver& resolver, Item item, const Ip& ip, bool paranoid) {
  const auto names = resolver.names(ip);
  if (names.status == dns::Status::try_again) return {item, failure_seconds, ""};
  if (names.records.empty()) return {item, names.ttl == 0 ? unsaid_seconds : names.ttl, ""};
  const std::string& name = names.records.front();
  if (!paranoid) return {item, names.ttl, lower(name)};
  const auto addresses = resolver.addresses(name);
  if (addresses.status == dns::Status::try_again) return {item, failure_seconds, ""};
  const bool is_true =
      std::find(addresses.records.begin(), addresses.records.end(), ip) != addresses.records.end();
  return {item, std::min(names.ttl, addresses.ttl), is_true ? lower(name) : ""};
}

std::optional<LookUp> LookUp::start(const Questions& questions) {
  auto pair = SocketPair::try_make(SOCK_SEQPACKET);
  if (!pair) return std::nullopt;
  const pid_t child = ::fork();
  if (child < 0) return std::nullopt;
  if (child == 0) ask(questions, pair->other);
  return LookUp(child, std::move(pair->one));
}

std::optional<Finding> LookUp::take() {
  std::array<char, head_size + longest_text + 1> packet;
  const ssize_t got = ::recv(fd(), packet.data(), packet.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  auto finding = got > 0 ? parse_finding({packet.data(), static_cast<std::size_t>(got)}) : std::nullopt;
  over_ = !finding;
  return finding;
}

}  // namespace qmail::ucspi
