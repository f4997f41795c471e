#include "ucspi/lib/rules_builder.h"

#include "core/base/failure.h"
#include "ucspi/lib/rules.h"

namespace qmail::ucspi {

void RulesBuilder::put(std::string_view key, std::string_view data) {
  if (!cdb_.add(key, data)) throw Failure(Exit::temporary, "unable to build cdb: over 4 GB");
}

void RulesBuilder::add(const RuleRecords& records) {
  for (const std::string& key : records.keys) put(key, records.data);
  if (records.network) (records.network->first.is_v4() ? v4_ : v6_).set(records.network->bits);
}

void RulesBuilder::put_lengths(bool is_v4, const Lengths& lengths) {
  std::string data;
  for (std::size_t bits = lengths.size(); bits-- > 0;)
    if (lengths[bits]) data.push_back(static_cast<char>(bits));
  if (!data.empty()) put(lengths_key(is_v4), data);
}

std::string RulesBuilder::finish() {
  put_lengths(true, v4_);
  put_lengths(false, v6_);
  return cdb_.finish();
}

}  // namespace qmail::ucspi
