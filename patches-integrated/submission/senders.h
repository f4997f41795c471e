// Which senders are an account's: README.md. Pure, so that every rule is one line of a test.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/control/control.h"
#include "core/control/default_hosts.h"
#include "core/control/lookup.h"

namespace qmail::features {

class Senders {
 public:
  /// From control/submissionsenders, locals, virtualdomains, and what completes addresses. Throws Failure.
  static Senders read(const Control& control);

  /// True if `account` may send as `sender`: it is its own, or the control file says so.
  bool belong(std::string_view account, std::string_view sender) const;

 private:
  struct Allowance {
    std::string account, sender;
  };

  bool is_own(std::string_view account, std::string_view sender) const;
  bool is_virtual(std::string_view account, std::string_view sender) const;
  bool is_allowed(std::string_view account, std::string_view sender) const;

  std::vector<Allowance> allowances_;
  NoCaseMap own_hosts_, virtual_domains_;
  DefaultHosts defaults_;
};

}  // namespace qmail::features
