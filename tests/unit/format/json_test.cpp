#include "core/format/json.h"

#include <gtest/gtest.h>

namespace qmail::json {
namespace {

using namespace std::string_literals;

TEST(Json, QuotesText) {
  EXPECT_EQ(quote(""), "\"\"");
  EXPECT_EQ(quote("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(quote("a\nb\x01\x7f\0"s), "\"a\\nb\\u0001\\u007f\\u0000\"");
  EXPECT_EQ(quote("J\xc3\xb6rg \xe2\x82\xac \xf0\x9f\x93\xac"),
            "\"J\xc3\xb6rg \xe2\x82\xac \xf0\x9f\x93\xac\"");
}

TEST(Json, HasNoBytesThatAreNoText) {
  const std::string bad = "\xef\xbf\xbd";
  for (const std::string bytes : {"\xff", "\x80", "\xc3", "\xc0", "\xf5"})
    EXPECT_EQ(quote(bytes), '"' + bad + '"');
  EXPECT_EQ(quote("\xc3("), '"' + bad + "(\"");
  EXPECT_EQ(quote("\xed\xa0\x80"), '"' + bad + bad + bad + '"') << "a surrogate";
  EXPECT_EQ(quote("\xe0\x80\xaf"), '"' + bad + bad + bad + '"') << "longer than it must be";
  EXPECT_EQ(quote("\xf4\x90\x80\x80"), '"' + bad + bad + bad + bad + '"') << "beyond the last character";
}

TEST(Json, WritesObjectsAndArrays) {
  EXPECT_EQ(Object().text(), "{}");
  EXPECT_EQ(Array().text(), "[]");
  const std::string numbers = Array().add("1").add(quote("two")).text();
  EXPECT_EQ(Object()
                .put("id", std::uint64_t{457})
                .put("sender", "me")
                .put("held", false)
                .put("age", std::int64_t{-1})
                .put_raw("list", numbers)
                .text(),
            "{\"id\":457,\"sender\":\"me\",\"held\":false,\"age\":-1,\"list\":[1,\"two\"]}");
}

}  // namespace
}  // namespace qmail::json
