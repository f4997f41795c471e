#include "core/programs/qmail-report/reason.h"

#include <gtest/gtest.h>

namespace qmail::report {
namespace {

TEST(Reason, LeavesOutWhatDiffersFromDeliveryToDelivery) {
  EXPECT_EQ(
      general_reason("192.0.2.7_does_not_like_recipient./Remote_host_said:_550_5.1.1_<bob@x.example>:_no/"
                     "Giving_up_on_192.0.2.7./"),
      "IP does not like recipient. / Remote host said: 550 5.1.1 <ADDRESS>: no / Giving up on IP.");
  EXPECT_EQ(general_reason("[2001:db8::1]:_421_busy_(id_a12345b)/"), "[IP]: 421 busy (id aNb)");
  EXPECT_EQ(general_reason("did_1+0+0/"), "did 1+0+0");
}

TEST(Reason, KeepsCodes) { EXPECT_EQ(general_reason("550_(#5.7.1)_123"), "550 (#5.7.1) 123"); }

TEST(Reason, StandsAnything) {
  EXPECT_EQ(general_reason(""), "");
  EXPECT_EQ(general_reason("_//_"), "");
  EXPECT_EQ(general_reason("(((_)))"), "((( )))");
  EXPECT_EQ(general_reason("@"), "ADDRESS");
}

TEST(Reason, KeepsThePathsOfALine) {
  EXPECT_EQ(general_line("warning: trouble with mess/5/123456; will_try"),
            "warning: trouble with mess/5/N; will_try");
}

}  // namespace
}  // namespace qmail::report
