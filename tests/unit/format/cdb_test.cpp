#include "core/format/cdb.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Cdb, FindsTheFirstRecordOfAKey) {
  CdbBuilder builder;
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(builder.add("key" + std::to_string(i), std::to_string(i)));
  ASSERT_TRUE(builder.add("key7", "again"));
  const std::string bytes = builder.finish();
  const CdbView view(bytes);
  EXPECT_EQ(view.find("key7"), "7");
  EXPECT_EQ(view.find("key999"), "999");
  EXPECT_FALSE(view.find("key1000"));
  int count = 0;
  view.each([&](std::string_view, std::string_view) { return ++count < 5000; });
  EXPECT_EQ(count, 1001);
}

TEST(Cdb, NeverReadsPastDamagedBytes) {
  CdbBuilder builder;
  ASSERT_TRUE(builder.add("one", "1"));
  const std::string whole = builder.finish();
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    CdbView(std::string_view(whole).substr(0, cut)).find("one");
  const std::string noise(4096, '\xff');
  EXPECT_FALSE(CdbView(noise).find("one"));
}

TEST(Cdb, KnowsWhenItsEndIsMissing) {
  CdbBuilder builder;
  ASSERT_TRUE(builder.add("one", "1"));
  const std::string whole = builder.finish();
  EXPECT_TRUE(CdbView(whole).is_whole());
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_FALSE(CdbView(std::string_view(whole).substr(0, cut)).is_whole()) << cut;
}

}  // namespace
}  // namespace qmail
