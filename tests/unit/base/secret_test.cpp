#include "core/base/secret.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Secret, IsNotWhereItWasOnceItIsWiped) {
  std::string text;
  text.reserve(100);
  text = "secret";
  const char* const place = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string(place, 6), std::string(6, '\0'));
  wipe(text);
}

TEST(Secret, IsTheSameIfEveryByteIs) {
  EXPECT_TRUE(is_same_secret("", ""));
  EXPECT_TRUE(is_same_secret("abc", "abc"));
  for (const char* other : {"", "ab", "abd", "bbc", "abcd"})
    EXPECT_FALSE(is_same_secret("abc", other)) << other;
}

}  // namespace
}  // namespace qmail
