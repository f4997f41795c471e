#include "core/control/default_hosts.h"

namespace qmail {

DefaultHosts DefaultHosts::from(const Control& control) {
  const std::string otherwise = "me";
  return {.host = control.line_or_me("defaulthost").value_or(otherwise),
          .domain = control.line_or_me("defaultdomain").value_or(otherwise),
          .plus_domain = control.line_or_me("plusdomain").value_or(otherwise)};
}

std::string DefaultHosts::complete(std::string address) const {
  if (address.ends_with('+')) {
    address.back() = '.';
    address += plus_domain;
  }
  const std::size_t at = address.rfind('@');
  if (address.find('.', at == std::string::npos ? 0 : at) == std::string::npos) address += "." + domain;
  return address;
}

}  // namespace qmail
