// fuzzes: qmail_ucspi
#include <cstdint>
#include <cstdlib>

#include "core/format/cdb.h"
#include "ucspi/lib/rule_line.h"
#include "ucspi/lib/rules.h"

/// A line that is understood gives records that are found again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(bytes), size);
  const auto records = qmail::ucspi::parse_rule_line(line);
  if (!records) return 0;
  qmail::CdbBuilder builder;
  for (const std::string& address : records->addresses) builder.add(address, records->data);
  const std::string cdb = builder.finish();
  for (const std::string& address : records->addresses) {
    qmail::ucspi::Peer client;
    client.remote_ip = address;
    const auto rule = qmail::ucspi::find_rule(qmail::CdbView(cdb), client);
    if (!rule || rule->address != address) std::abort();
  }
  return 0;
}
