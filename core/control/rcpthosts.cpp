#include "core/control/rcpthosts.h"

#include <utility>

#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/cdb.h"

namespace qmail {

std::optional<RcptHosts> RcptHosts::find(const Control& control) {
  const auto lines = control.lines("rcpthosts");
  if (!lines) return std::nullopt;
  return RcptHosts(NoCaseMap::of_lines(*lines), control.map("morercpthosts.cdb"));
}

bool RcptHosts::allows(std::string_view address) const {
  const AddressParts parts = divide(address);
  if (!parts.has_host) return true;
  if (find_by_suffix(parts.host, [&](std::string_view part) { return hosts_.find(part); })) return true;
  if (!more_) return false;
  const CdbView more(more_->bytes());
  const std::string host = lower(parts.host);
  return find_by_suffix(std::string_view(host), [&](std::string_view part) { return more.find(part); })
      .has_value();
}

}  // namespace qmail
