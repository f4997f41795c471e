// The hosts that mail is accepted for: control/rcpthosts and, behind it, control/morercpthosts.cdb.
// qmail-smtpd(8).
#pragma once
#include <optional>
#include <string_view>

#include "core/base/map.h"
#include "core/control/control.h"
#include "core/control/lookup.h"

namespace qmail {

class RcptHosts {
 public:
  /// None if there is no control/rcpthosts; morercpthosts.cdb counts only beside it. Throws Failure.
  static std::optional<RcptHosts> find(const Control& control);

  /// True if the host of `address`, or a part of it that starts with a dot, is listed, in any case; and for
  /// an address without '@', which belongs to this host.
  bool allows(std::string_view address) const;

 private:
  RcptHosts(NoCaseMap hosts, std::optional<MappedFile> more)
      : hosts_(std::move(hosts)), more_(std::move(more)) {}

  NoCaseMap hosts_;
  std::optional<MappedFile> more_;
};

}  // namespace qmail
