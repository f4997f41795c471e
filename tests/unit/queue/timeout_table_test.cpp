#include "core/queue/timeout_table.h"

#include <gtest/gtest.h>

#include "core/queue/layout.h"
#include "tests/support/addresses.h"
#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

constexpr std::int64_t start = 1'000'000;
constexpr std::int64_t hour = 3600;

using test::ip;

class TimeoutTableTest : public testing::Test {
 protected:
  TimeoutTableTest() { home_.write(file_, std::string(timeouts_size, '\0')); }

  /// As deliveries that try every three minutes.
  void time_out(const std::string& address, int times) {
    for (int i = 0; i < times; ++i) table_.timed_out(ip(address), start + i * 180);
  }
  HostStanding standing(const std::string& address, std::int64_t now) {
    return table_.standing(ip(address), now, 0);
  }

  test::TempHome home_;
  std::string file_ = std::string("queue/") + tcpto_name;
  Directory opened_ = home_.open();
  TimeoutTable table_{opened_};
};

TEST_F(TimeoutTableTest, AvoidsAHostAfterTwoTimeoutsForAnHour) {
  for (const char* address : {"192.0.2.1", "2001:db8::1"}) {
    EXPECT_EQ(standing(address, start), HostStanding::unlisted);
    time_out(address, 1);
    EXPECT_EQ(standing(address, start), HostStanding::listed);
    time_out(address, 2);
    EXPECT_EQ(standing(address, start + hour), HostStanding::avoid);
    EXPECT_EQ(standing(address, start + 180 + 3840), HostStanding::listed);
    EXPECT_EQ(table_.standing(ip(address), start + 180 + 3840, 31), HostStanding::avoid);
  }
}

TEST_F(TimeoutTableTest, CountsTimeoutsWithinTwoMinutesOnce) {
  for (int i = 0; i < 120; ++i) table_.timed_out(ip("192.0.2.1"), start + i);
  EXPECT_EQ(table_.list(), (std::vector<Timeout>{{ip("192.0.2.1"), 1, start}}));
}

TEST_F(TimeoutTableTest, ForgetsTimeoutsOfAHostThatAnswers) {
  time_out("192.0.2.1", 2);
  time_out("::5", 2);
  table_.answered(ip("192.0.2.1"));
  table_.answered(ip("192.0.2.77"));
  EXPECT_EQ(standing("192.0.2.1", start), HostStanding::listed);
  EXPECT_EQ(table_.list(), (std::vector<Timeout>{{ip("::5"), 2, start + 180}}));
}

TEST_F(TimeoutTableTest, StopsCountingAtTen) {
  time_out("192.0.2.1", 20);
  EXPECT_EQ(table_.list().at(0).count, 10u);
}

TEST_F(TimeoutTableTest, WritesTheBytesThatEveryQmailReads) {
  table_.timed_out(ip("192.0.2.1"), 0x61626364);
  EXPECT_EQ(home_.read(file_),
            std::string("\xc0\0\2\1\1\0\0\0dcba", 12) + std::string(timeouts_size - 12, '\0'));
}

TEST_F(TimeoutTableTest, KeepsIpv6HostsBehindTheTableOfEveryQmail) {
  table_.timed_out(ip("2001:db8::1"), 0x61626364);
  EXPECT_EQ(home_.read(file_), std::string(timeouts_size, '\0') + std::string("\x20\x01\x0d\xb8", 4) +
                                   std::string(11, '\0') + std::string("\1\1\0\0\0dcba", 9) +
                                   std::string(8, '\0'));
}

TEST_F(TimeoutTableTest, ReplacesTheHostLikeliestToAnswerWhenItIsFull) {
  for (int i = 0; i < 64; ++i) {
    table_.timed_out(ip("192.0.2." + std::to_string(i)), start + 100 - i);
    table_.timed_out(ip("::" + std::to_string(i)), start + 100 - i);
  }
  table_.timed_out(ip("192.0.2.63"), start + 500);
  table_.timed_out(ip("198.51.100.1"), start + 1000);
  table_.timed_out(ip("::1:1"), start + 1000);
  EXPECT_EQ(table_.list().size(), 128u);
  EXPECT_EQ(standing("198.51.100.1", start + 1000), HostStanding::listed);
  EXPECT_EQ(standing("192.0.2.62", start + 1000), HostStanding::unlisted);
  EXPECT_EQ(standing("192.0.2.63", start + 1000), HostStanding::avoid);
  EXPECT_EQ(standing("::1:1", start + 1000), HostStanding::listed);
  EXPECT_EQ(standing("::63", start + 1000), HostStanding::unlisted);
}

TEST_F(TimeoutTableTest, ClearLeavesATableOf1024Zeros) {
  time_out("192.0.2.1", 2);
  time_out("::5", 2);
  EXPECT_FALSE(table_.clear());
  EXPECT_EQ(home_.read(file_), std::string(timeouts_size, '\0'));
}

TEST_F(TimeoutTableTest, GoesOnWithoutATable) {
  std::filesystem::remove(home_.path() / file_);
  time_out("192.0.2.1", 2);
  table_.answered(ip("192.0.2.1"));
  EXPECT_EQ(standing("192.0.2.1", start), HostStanding::unlisted);
  EXPECT_FALSE(home_.has(file_));
  EXPECT_TRUE(table_.clear());
  EXPECT_THROW(table_.list(), Failure);
}

TEST_F(TimeoutTableTest, IgnoresAPartOfARecord) {
  home_.write(file_, std::string(15, '\1'));
  EXPECT_TRUE(table_.list().empty());
  time_out("192.0.2.1", 1);
  time_out("::5", 1);
  EXPECT_EQ(home_.read(file_), std::string(15, '\1'));
}

}  // namespace
}  // namespace qmail::queue
