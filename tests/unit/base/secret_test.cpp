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

}  // namespace
}  // namespace qmail
