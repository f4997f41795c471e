#include "core/base/spool.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

std::string taken(Spool& spool) {
  std::string bytes;
  EXPECT_TRUE(spool.take([&](std::string_view block) { bytes += block; }));
  return bytes;
}

TEST(Spool, GivesBackWhatItGot) {
  Spool small;
  EXPECT_EQ(taken(small), "");
  EXPECT_TRUE(small.put("one") && small.put("two"));
  EXPECT_EQ(taken(small), "onetwo");
}

TEST(Spool, KeepsMuchInAFile) {
  Spool spool(10);
  std::string all;
  for (int i = 0; i < 50000; ++i) {
    all += std::to_string(i);
    ASSERT_TRUE(spool.put(std::to_string(i)));
  }
  EXPECT_EQ(taken(spool), all);
}

}  // namespace
}  // namespace qmail
