// What an address without a full host name is completed with. qmail-header(5).
#pragma once
#include <string>

#include "core/control/control.h"

namespace qmail {

struct DefaultHosts {
  std::string host, domain, plus_domain;

  /// control/defaulthost, defaultdomain and plusdomain; each, if absent, control/me, or else "me".
  static DefaultHosts from(const Control& control);
  /// `address` has its '@'. A '+' at its end becomes the plus domain; a host without a dot gets the default
  /// domain.
  std::string complete(std::string address) const;
};

}  // namespace qmail
