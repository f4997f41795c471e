// Which senders are an account's: README.md. Pure, so that every rule is one line of a test.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/control/control.h"
#include "core/control/default_hosts.h"
#include "core/control/lookup.h"

namespace qmail::features {

/// "account:user@host", "account:@host" or "account:@": what an account may send as besides.
struct Allowance {
  std::string account, sender;
};
/// Those of control/submissionsenders. Complains of lines that are none. Throws Failure.
std::vector<Allowance> read_allowances(const Control& control);

class Senders {
 public:
  /// From control/locals, virtualdomains, and what completes addresses. Throws Failure. `allowances` must
  /// outlive this object.
  static Senders read(const Control& control, std::span<const Allowance> allowances);

  /// True if `account` may send as `sender`: it is its own, or the control file says so.
  bool belong(std::string_view account, std::string_view sender) const;

 private:
  bool is_own(std::string_view account, std::string_view sender) const;
  bool is_virtual(std::string_view account, std::string_view sender) const;
  bool is_allowed(std::string_view account, std::string_view sender) const;

  std::span<const Allowance> allowances_;
  NoCaseMap own_hosts_, virtual_domains_;
  DefaultHosts defaults_;
};

}  // namespace qmail::features
