// The cdb of a set of rules, as find_rule() reads it: rules.h.
#pragma once
#include <bitset>
#include <string>
#include <string_view>

#include "core/format/cdb.h"
#include "ucspi/lib/rule_line.h"

namespace qmail::ucspi {

class RulesBuilder {
 public:
  /// Throws Failure if the cdb would pass 4 GB.
  void add(const RuleRecords& records);
  /// The whole file: the records in order, then the lengths of networks if there are any. Throws Failure.
  std::string finish();

 private:
  using Lengths = std::bitset<129>;
  void put(std::string_view key, std::string_view data);
  void put_lengths(bool is_v4, const Lengths& lengths);

  CdbBuilder cdb_;
  Lengths v4_, v6_;
};

}  // namespace qmail::ucspi
