#include "installer/plan/preflight_outside.h"

#include <algorithm>

namespace qmail::plan {
namespace {

using dialogue::Text;
using dns::Status;

void check_address(const facts::NamedAddress& address, const std::string& host_name, Planned& planned) {
  const std::string ip = address.ip.text();
  if (!address.is_own) planned.warning("P11", {Text::address_elsewhere, {host_name, ip}});
  if (is_private(address.ip)) return;
  const char* const id = address.ip.is_v4() ? "P12" : "P14";
  if (address.reverse == Status::try_again) {
    planned.warning(id, {Text::reverse_unknown, {ip}});
  } else if (address.names.empty()) {
    planned.warning(id, {Text::no_reverse, {ip, host_name}});
  } else if (address.names.size() > 1) {
    planned.warning(id, {Text::many_reverses, {ip, std::to_string(address.names.size())}});
  } else if (address.names.front() != host_name || !address.confirms) {
    planned.warning(id, {Text::other_reverse, {ip, address.names.front(), host_name}});
  }
  for (const std::string& name : address.names)
    if (is_generic(name, address.ip)) planned.warning("P13", {Text::generic_reverse, {ip, name}});
  if (address.listed == Status::found) planned.warning("P30", {Text::is_block_listed, {ip}});
  if (address.listed == Status::try_again) planned.note("P30", {Text::block_list_unknown, {ip}});
}

void check_domain(const facts::MailDomain& domain, const std::string& host_name, Planned& planned) {
  if (domain.exchangers == Status::try_again) {
    planned.warning("P31", {Text::exchanger_unknown, {domain.name}});
  } else if (!domain.leads_here) {
    planned.warning("P31", {Text::exchanger_elsewhere, {domain.name, host_name}});
  }
  if (domain.policies != Status::try_again && domain.spf_records != 1)
    planned.warning("P31", {domain.spf_records == 0 ? Text::no_spf : Text::many_spf, {domain.name}});
}

void check_exits(const std::vector<facts::Exit>& exits, Planned& planned) {
  const bool is_open =
      std::any_of(exits.begin(), exits.end(), [](const facts::Exit& exit) { return exit.trouble.empty(); });
  if (is_open || exits.empty()) return;
  planned.warning("P21", {Text::no_exit, {exits.front().server, exits.front().trouble}});
}

}  // namespace

bool is_generic(const std::string& name, const Ip& ip) {
  if (!ip.is_v4()) return false;
  // The last two numbers, next to each other in either order, as in host-26-2.example or 2.26.example.
  const auto bytes = ip.v4_bytes();
  const std::string third = std::to_string(bytes[2]), fourth = std::to_string(bytes[3]);
  for (const char* between : {"-", ".", "_", "x"})
    if (name.find(third + between + fourth) != std::string::npos ||
        name.find(fourth + between + third) != std::string::npos)
      return true;
  return false;
}

void preflight_outside(const facts::Surroundings& found, const dialogue::Answers& answers, Planned& planned) {
  if (found.host == Status::not_found) planned.warning("P11", {Text::no_address, {answers.host_name}});
  if (found.host == Status::try_again) planned.warning("P11", {Text::address_unknown, {answers.host_name}});
  for (const facts::NamedAddress& address : found.addresses)
    check_address(address, answers.host_name, planned);
  for (const facts::MailDomain& domain : found.domains) check_domain(domain, answers.host_name, planned);
  check_exits(found.exits, planned);
}

}  // namespace qmail::plan
