#include "core/programs/qmail-remote/report.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace qmail::remote {
namespace {

using namespace std::string_literals;

TEST(Reports, AreCutOnlyWhereTheyDoNotFit) {
  const std::string reports = "r\0hno such user here\0Kok\0"s;
  EXPECT_EQ(shortened(reports, reports.size()), reports);
  EXPECT_EQ(shortened(reports, reports.size() - 1), "r\0hno suc\0Kok\0"s);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "h" + std::string(4000, 'x') + '\0';
  const std::string cut = shortened(many, 128000);
  EXPECT_LE(cut.size(), 128000u);
  EXPECT_EQ(std::count(cut.begin(), cut.end(), '\0'), 1000);
}

}  // namespace
}  // namespace qmail::remote
