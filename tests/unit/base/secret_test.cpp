#include "core/base/secret.h"

#include <gtest/gtest.h>

#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/base/publish.h"

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

TEST(Secret, IsNotInAReaderThatForgetsIt) {
  const Pipe pipe = Pipe::make();
  ASSERT_TRUE(try_write_all(pipe.write.get(), "secret\nmore\n"));
  Reader reader(pipe.read.get());
  std::string line;
  ASSERT_TRUE(reader.line(line));
  const std::string_view rest = reader.peek();
  EXPECT_EQ(rest, "more\n");
  reader.forget();
  EXPECT_EQ(std::string_view(rest.data() - 7, 7), std::string(7, '\0'));
  EXPECT_EQ(rest, "more\n");
}

TEST(Secret, IsTheSameIfEveryByteIs) {
  EXPECT_TRUE(is_same_secret("", ""));
  EXPECT_TRUE(is_same_secret("abc", "abc"));
  for (const char* other : {"", "ab", "abd", "bbc", "abcd"})
    EXPECT_FALSE(is_same_secret("abc", other)) << other;
}

}  // namespace
}  // namespace qmail
