// What text and page show alike: the first lines, and the tables.
#pragma once
#include <string>
#include <vector>

#include "core/programs/qmail-report/figures.h"

namespace qmail::report {

struct Line {
  std::string name, text;
};
/// One line for each of time, lines, messages, deliveries, delays, trouble.
std::vector<Line> summary_of(const Figures& figures);

struct ShownTable {
  std::string title;
  std::vector<std::string> headings;           ///< the last one's column is text, the others are numbers
  std::vector<std::vector<std::string>> rows;  ///< printable
  std::string remark = "";                     ///< how far it may be off
};
/// Of each table at most `most` rows. Tables without rows are left out.
std::vector<ShownTable> tables_of(const Figures& figures, std::size_t most);

}  // namespace qmail::report
