#include "core/log/activity/record.h"

#include <gtest/gtest.h>

namespace qmail::activity {
namespace {

TEST(Record, ReadsNumbersAsAwkDoes) {
  EXPECT_EQ(number_of("12.5"), 12.5);
  EXPECT_EQ(number_of("-3x"), -3);
  EXPECT_EQ(number_of(".5"), .5);
  EXPECT_EQ(number_of("?"), 0);
  EXPECT_EQ(number_of(""), 0);
  EXPECT_EQ(number_of("nan"), 0);
  EXPECT_EQ(number_of("inf"), 0);
  EXPECT_EQ(number_of("1e999"), 0);
}

TEST(Record, PrintsNumbersAsAwkDoes) {
  EXPECT_EQ(printed(0), "0");
  EXPECT_EQ(printed(12345678901234), "12345678901234");
  EXPECT_EQ(printed(1.5), "1.5");
  EXPECT_EQ(printed(1.0 / 3), "0.333333");
  EXPECT_EQ(printed(12345678.9), "1.23457e+07");
  EXPECT_EQ(printed(0.00001234), "1.234e-05");
  EXPECT_EQ(fixed(1.005, 2), "1.00");
  EXPECT_EQ(fixed(-2.5, 6), "-2.500000");
}

TEST(Record, KnowsMatchupsLines) {
  const auto message = parse_message_record("m 1.5 4.5 100 2 1 3 <a@b> 31 1000");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->queue_time(), 3);
  EXPECT_EQ(message->recipients(), 3);
  EXPECT_EQ(message->tries(), 6);
  EXPECT_EQ(message->uid, "1000");
  const auto delivery = parse_delivery_record("d z 1 2 4 100 <a@b> remote.c@d 31 1000");
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->outcome, Outcome::deferral);
  EXPECT_EQ(delivery->ddelay(), 3);
  EXPECT_EQ(delivery->xdelay(), 2);
  EXPECT_EQ(delivery->reason, "");
}

TEST(Record, TakesNoOthers) {
  EXPECT_FALSE(parse_message_record("m 1.5 4.5 100 2 1 3 <a@b> 31"));
  EXPECT_FALSE(parse_message_record("message 1.5 4.5 100 2 1 3 <a@b> 31 1000"));
  EXPECT_FALSE(parse_delivery_record("d q 1 2 4 100 <a@b> remote.c@d 31 1000 why"));
  EXPECT_FALSE(parse_delivery_record("d k 1 2 4 100 <a@b> remote.c@d 31"));
  EXPECT_FALSE(parse_delivery_record("? d k 1 2 4 100 <a@b> remote.c@d 31 5"));
}

}  // namespace
}  // namespace qmail::activity
