#include "ucspi/tcpserver/rule_limits.h"

#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

class RuleLimitsTest : public testing::Test {
 protected:
  RuleLimitsTest() {
    for (const char* one : {"192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"})
      counts_.add(Ip::parse(one).value());
  }
  std::string exceeded(const Environment& environment) const {
    const auto limit = exceeded_limit(environment, Ip::parse("192.0.2.1").value(), counts_);
    return limit ? limit->name + ":" + limit->value : "";
  }
  ConnectionCounts counts_;
};

TEST_F(RuleLimitsTest, TheLastOneThatIsAllowedIsAllowed) {
  EXPECT_EQ(exceeded({}), "");
  EXPECT_EQ(exceeded({{"MAXCONNIP", "3"}, {"MAXCONNC", "4"}}), "");
  EXPECT_EQ(exceeded({{"MAXCONNIP", "2"}, {"MAXCONNC", "3"}}), "MAXCONNIP:2");
  EXPECT_EQ(exceeded({{"MAXCONNIP", "3"}, {"MAXCONNC", "3"}}), "MAXCONNC:3");
}

TEST_F(RuleLimitsTest, NoughtAndWhatIsNoNumberAllowNobody) {
  for (const char* text : {"0", "", "many", "-1", "3x"})
    EXPECT_EQ(exceeded({{"MAXCONNIP", text}}), std::string("MAXCONNIP:") + text);
}

TEST_F(RuleLimitsTest, TheLoadIsOfAHundredthAndNoughtIsNoLimit) {
  EXPECT_EQ(exceeded({{"MAXLOAD", "100000000"}}), "");
  EXPECT_EQ(exceeded({{"MAXLOAD", "0"}}), "");
}

}  // namespace
}  // namespace qmail::ucspi
