// fuzzes: qmail_ucspi
#include <cstdint>
#include <cstdlib>

#include "core/format/cdb.h"
#include "ucspi/lib/rule_line.h"
#include "ucspi/lib/rules.h"
#include "ucspi/lib/rules_builder.h"

/// A line that is understood gives records that are found again; one that is not has a mistake in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(bytes), size);
  const auto records = qmail::ucspi::parse_rule_line(line);
  if (!records) {
    const auto mistake = qmail::ucspi::find_rule_mistake(line);
    if (mistake.what.empty() || mistake.column == 0 || mistake.column > size + 1) std::abort();
    return 0;
  }
  qmail::ucspi::RulesBuilder builder;
  builder.add(*records);
  const std::string cdb = builder.finish();
  for (const std::string& key : records->keys) {
    if (qmail::CdbView(cdb).find(key) != records->data) std::abort();
    qmail::ucspi::Peer client;
    client.remote_ip = records->network ? records->network->first.text() : key;
    const auto rule = qmail::ucspi::find_rule(qmail::CdbView(cdb), client);
    // An address is found under its own text; one of IPv6 that a rule spells as stock would, under another.
    const bool has_forms = !records->network && qmail::Ip::parse(key) && qmail::Ip::parse(key)->text() != key;
    if (!has_forms && (!rule || rule->key != key)) std::abort();
  }
  return 0;
}
