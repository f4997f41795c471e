#include "core/programs/ipmetest/test_address.h"

#include <algorithm>

#include "core/base/io.h"
#include "core/base/text.h"
#include "core/dns/own_addresses.h"

namespace qmail {

int test_address(const Process& self, std::span<smtpc::Configure* const> features) {
  if (self.args.size() != 1) throw UsageError();
  const auto literal = parse_address_literal(self.args[0]);
  const auto ip = literal ? literal : Ip::parse(self.args[0]);
  if (!ip) throw UsageError(Exit::permanent, "\"" + printable(self.args[0], '?') + "\" is not an IP address");
  const std::vector<Ip> own = dns::own_addresses();
  bool is_own = std::find(own.begin(), own.end(), *ip) != own.end();
  const Control control(self.open_directory("control"));
  for (const auto& feature : smtpc::configure_all(features, {control, self.environment})) {
    const smtpc::Routing routing = feature->route(address_literal(*ip), "");
    if (const auto* refusal = std::get_if<smtpc::Refusal>(&routing))
      throw Failure(Exit::temporary, std::string(trim_end(refusal->text)));
    is_own = feature->is_own(*ip, is_own);
  }
  Writer out(self.out);
  out.put(is_own ? "me\n" : "not me\n").flush_or_throw("standard output");
  return 0;
}

}  // namespace qmail
