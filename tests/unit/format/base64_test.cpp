#include "core/format/base64.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

/// RFC 4648 section 10.
TEST(Base64, IsThatOfTheStandard) {
  using Row = std::pair<std::string_view, std::string_view>;
  for (const auto& [bytes, text] :
       {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"}, Row{"foob", "Zm9vYg=="},
        Row{"fooba", "Zm9vYmE="}, Row{"foobar", "Zm9vYmFy"}, Row{"\xfb\xff\xbf", "+/+/"}}) {
    EXPECT_EQ(encode_base64(bytes), text);
    EXPECT_EQ(parse_base64(text), bytes);
  }
}

TEST(Base64, CarriesEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(parse_base64(encode_base64(bytes)), bytes) << i;
    bytes += static_cast<char>(i);
  }
}

TEST(Base64, RefusesWhatNobodyEncodes) {
  for (const std::string_view text :
       {"Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Zh==", "Zm9=", "Zm9v=", "Zm9v====", "Zg==Zg==", "Z=g=",
        "Zm 9v", "Zm9v\n", "Zm9-", "Zm9_", "\xc3\xa4==", "*"})
    EXPECT_EQ(parse_base64(text), std::nullopt) << text;
  EXPECT_EQ(parse_base64(std::string_view("Zm9\0", 4)), std::nullopt);
}

}  // namespace
}  // namespace qmail
