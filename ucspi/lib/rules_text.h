// Rules as people write them, line by line. tcprules(1).
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "ucspi/lib/rule_line.h"

namespace qmail::ucspi {

/// A line as messages show it: not all of one that is very long.
std::string show_line(std::string_view line);

struct RulesReader {
  /// Called for each rule, in order, with the number of its line, from 1.
  std::function<void(std::size_t number, std::string_view line, const RuleRecords& records)> rule;
  /// Called with what is odd but understood; none: nobody wants to know.
  std::function<void(const std::string& warning)> warn = nullptr;
};

/// Empty lines and those that start with '#' are passed over, as is a line without a colon, with a warning.
/// Throws Failure that names the line and column of what makes no sense.
void read_rules(std::string_view text, const RulesReader& reader);

}  // namespace qmail::ucspi
