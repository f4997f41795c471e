#include "core/programs/qmail-pop3d/maildrop.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail::pop3d {
namespace {

TEST(UniqueId, IsTheNameUpToItsFirstColon) {
  EXPECT_EQ(unique_id("new/1700000000.M1P2Q3.host"), "1700000000.M1P2Q3.host");
  EXPECT_EQ(unique_id("cur/1700000000.M1P2Q3.host:2,RS"), "1700000000.M1P2Q3.host");
  EXPECT_EQ(unique_id("cur/a:b:c"), "a");
  EXPECT_EQ(unique_id("cur/!~="), "!~=");
}

TEST(UniqueId, HasNothingThatALineCannotHold) {
  EXPECT_EQ(unique_id("new/a\r\n.\r\nb"), "a:0d:0a.:0d:0ab");
  EXPECT_EQ(unique_id("new/ \x7f\xff\x01"), ":20:7f:ff:01");
  EXPECT_EQ(unique_id("new/:2,S"), ":");
}

class MaildropTest : public testing::Test {
 protected:
  static constexpr std::int64_t now = std::numeric_limits<std::int64_t>::max();
  MaildropTest() {
    for (const char* part : {"tmp", "new", "cur"})
      std::filesystem::create_directories(home_.path() / "M" / part);
  }
  Maildrop open() const { return Maildrop::open(home_.open().sub("M"), now); }
  test::TempHome home_;
};

TEST_F(MaildropTest, CountsTheBytesThatAreLeft) {
  home_.write("M/cur/1", "12345");
  home_.write("M/cur/2", "123");
  Maildrop maildrop = open();
  EXPECT_EQ(maildrop.size(), 2U);
  EXPECT_EQ(maildrop.total_bytes(), 8U);
  const std::size_t larger = maildrop.bytes_of(0) == 5 ? 0 : 1;
  maildrop.mark(larger);
  EXPECT_EQ(maildrop.total_bytes(), 3U);
  maildrop.unmark_all();
  EXPECT_EQ(maildrop.total_bytes(), 8U);
}

TEST_F(MaildropTest, ChangesWhatItCanAndSaysIfThatWasAll) {
  home_.write("M/new/1", "1");
  home_.write("M/new/2:1,x", "2");
  Maildrop maildrop = open();
  EXPECT_TRUE(maildrop.update());
  EXPECT_TRUE(home_.has("M/cur/1:2,") && home_.has("M/cur/2:1,x:2,"));
  maildrop.mark(0);
  maildrop.mark(1);
  EXPECT_FALSE(maildrop.update());
  EXPECT_FALSE(maildrop.open_message(0));
  Maildrop again = open();
  again.mark(0);
  EXPECT_TRUE(again.update());
  EXPECT_EQ(open().size(), 1U);
}

}  // namespace
}  // namespace qmail::pop3d
