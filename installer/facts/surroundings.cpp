#include "installer/facts/surroundings.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

#include "core/base/connect.h"
#include "core/base/error_text.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/text.h"
#include "core/format/socket_address.h"

namespace qmail::facts {
namespace {

constexpr const char* block_list = "zen.spamhaus.org";
constexpr int patience_seconds = 5;
constexpr std::uint16_t smtp_port = 25;
/// Who takes most of the world's mail, of different networks: a provider that closes port 25 closes it to
/// all.
constexpr const char* well_known_domains[] = {"gmail.com", "outlook.com", "yahoo.com"};

bool has(const std::vector<Ip>& addresses, const Ip& ip) {
  return std::find(addresses.begin(), addresses.end(), ip) != addresses.end();
}

/// 127.255.255.x is the list's way to say that it does not answer resolvers like this one.
dns::Status is_listed(dns::Resolver& resolver, const Ip& ip) {
  constexpr std::uint8_t refused = 255;
  const auto answer = resolver.addresses(block_list_name(ip));
  const bool is_refused = std::any_of(answer.records.begin(), answer.records.end(),
                                      [](const Ip& code) { return code.v4_bytes()[1] == refused; });
  return is_refused ? dns::Status::try_again : answer.status;
}

NamedAddress look_at_address(const Inquiry& inquiry, const Ip& ip) {
  NamedAddress address{.ip = ip, .is_own = has(inquiry.own_addresses, ip)};
  if (is_private(ip)) return address;
  const auto answer = inquiry.resolver.names(ip);
  address.reverse = answer.status;
  for (const std::string& name : answer.records) address.names.push_back(lower(name));
  for (const std::string& name : address.names)
    address.confirms = address.confirms || has(inquiry.resolver.addresses(name).records, ip);
  address.listed = is_listed(inquiry.resolver, ip);
  return address;
}

bool is_spf(const std::string& text) { return lower(text).starts_with("v=spf1"); }

MailDomain look_at_domain(const Inquiry& inquiry, const std::string& name, const std::vector<Ip>& here) {
  MailDomain domain{.name = name};
  const auto exchangers = inquiry.resolver.mail_exchangers(name);
  domain.exchangers = exchangers.status;
  for (const dns::Mx& exchanger : exchangers.records)
    for (const Ip& ip : inquiry.resolver.addresses(exchanger.host).records)
      domain.leads_here = domain.leads_here || has(here, ip) || has(inquiry.own_addresses, ip);
  const auto texts = inquiry.resolver.texts(name);
  domain.policies = texts.status;
  domain.spf_records =
      static_cast<std::size_t>(std::count_if(texts.records.begin(), texts.records.end(), is_spf));
  return domain;
}

Exit try_exit(const Inquiry& inquiry, const std::string& domain) {
  const auto exchangers = inquiry.resolver.mail_exchangers(domain);
  if (exchangers.records.empty()) return {domain, "its mail exchangers are not known"};
  const std::string& server = exchangers.records.front().host;
  const auto addresses = inquiry.resolver.addresses(server);
  if (addresses.records.empty()) return {server, "its address is not known"};
  return {server, inquiry.greet(addresses.records.front())};
}

}  // namespace

std::string block_list_name(const Ip& ip) {
  std::string name;
  if (ip.is_v4()) {
    for (const std::uint8_t byte : ip.v4_bytes()) name.insert(0, std::to_string(byte) + ".");
    return name + block_list;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  for (const std::uint8_t byte : ip.bytes()) {
    name.insert(0, std::string(1, digits[byte >> 4]) + ".");
    name.insert(0, std::string(1, digits[byte & 15]) + ".");
  }
  return name + block_list;
}

std::string greet(const Ip& server) {
  const SocketAddress address(Endpoint{server, smtp_port});
  const Fd connection(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!connection ||
      !connect_within(connection.get(), address.get(), address.size(), patience_seconds * 1000))
    return error_text(errno);
  Reader reader(connection.get(), patience_seconds);
  std::string line;
  if (!reader.line(line, 1000)) return "it accepts the connection, and says nothing";
  return line.starts_with("220") ? "" : "it says " + printable(line, '?');
}

Surroundings look_around(const Inquiry& inquiry) {
  Surroundings found;
  const auto addresses = inquiry.resolver.addresses(inquiry.host_name);
  found.host = addresses.status;
  for (const Ip& ip : addresses.records) found.addresses.push_back(look_at_address(inquiry, ip));
  for (const std::string& domain : inquiry.domains)
    found.domains.push_back(look_at_domain(inquiry, domain, addresses.records));
  for (const char* domain : well_known_domains) {
    found.exits.push_back(try_exit(inquiry, domain));
    if (found.exits.back().trouble.empty()) break;  // one way out is enough
  }
  return found;
}

}  // namespace qmail::facts
