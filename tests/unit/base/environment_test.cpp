#include "core/base/environment.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Environment, ANumberIsTheDigitsAValueStartsWith) {
  const Environment environment{
      {"A", "12"}, {"B", "12x"}, {"C", ""}, {"D", "x"}, {"E", "99999999999999999999999"}};
  EXPECT_EQ(environment.number("A", 7), 12U);
  EXPECT_EQ(environment.number("B", 7), 12U);
  for (const char* name : {"C", "D", "E"}) EXPECT_EQ(environment.number(name, 7), 0U) << name;
  EXPECT_EQ(environment.number("F", 7), 7U);
}

}  // namespace
}  // namespace qmail
