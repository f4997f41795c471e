#include "core/control/rcpthosts.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/format/address.h"
#include "core/format/cdb.h"

namespace qmail {
namespace {

constexpr const char* cdb_name = "morercpthosts.cdb";

}  // namespace

std::optional<RcptHosts> RcptHosts::find(const Control& control) {
  const auto lines = control.lines("rcpthosts");
  if (!lines) return std::nullopt;
  auto more = control.map(cdb_name);
  // Taking what a file cut short does not list for a foreign host would refuse good mail for ever.
  if (more && !CdbView(more->bytes()).is_whole())
    throw Failure(Exit::temporary, "unable to read " + control.directory().path_of(cdb_name) + ": cut short");
  return RcptHosts(NoCaseMap::of_lines(*lines), std::move(more));
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
