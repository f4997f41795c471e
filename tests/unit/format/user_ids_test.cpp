#include "core/format/user_ids.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(UserIds, AreFoundByName) {
  const auto found = find_user_ids("alias:7790:2108\nqmailt:7796:2109\n", "qmailt");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->first, 7796U);
  EXPECT_EQ(found->second, 2109U);
}

TEST(UserIds, OfALineThatMakesNoSenseAreNone) {
  for (const char* text : {"", "qmailt", "qmailt:1", "qmailt:1:2:3\n", "qmailt:-1:2\n",
                           "qmailt:1:4294967296\n", "xqmailt:1:2\n", "qmailt:a:2\n", "qmailt::\n"})
    EXPECT_FALSE(find_user_ids(text, "qmailt")) << text;
}

}  // namespace
}  // namespace qmail
