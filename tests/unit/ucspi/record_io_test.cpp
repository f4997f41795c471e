#include "ucspi/recordio/record_io.h"

#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

using namespace std::string_literals;

TEST(RecordIo, ALineEndsWithABlankAndAPieceWithAPlus) {
  EXPECT_EQ(record_lines(17, '<', ""), "");
  EXPECT_EQ(record_lines(17, '<', "a"), "17 < a+\n");
  EXPECT_EQ(record_lines(17, '>', "a\n"), "17 > a \n");
  EXPECT_EQ(record_lines(17, '>', "a\r\n\nb"), "17 > a\r \n17 >  \n17 > b+\n");
  EXPECT_EQ(record_lines(1, '<', "\0\xff"s), "1 < \0\xff+\n"s);
  EXPECT_EQ(record_end(17, '<'), "17 < [EOF]\n");
}

}  // namespace
}  // namespace qmail::ucspi
