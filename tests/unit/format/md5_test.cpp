#include "core/format/md5.h"

#include <gtest/gtest.h>

#include "core/base/text.h"

namespace qmail {
namespace {

TEST(Md5, AgreesWithRfc1321) {
  EXPECT_EQ(hexadecimal(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hexadecimal(md5("a")), "0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(hexadecimal(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hexadecimal(md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(
      hexadecimal(md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890")),
      "57edf4a22be3c955ac49da2e2107b67a");
}

/// The lengths around which the last block is one or two.
TEST(Md5, PadsTextsOfEveryLength) {
  EXPECT_EQ(hexadecimal(md5(std::string(55, 'x'))), "04364420e25c512fd958a70738aa8f72");
  EXPECT_EQ(hexadecimal(md5(std::string(56, 'x'))), "668a72d5ba17f08e62dabcafad6db14b");
  EXPECT_EQ(hexadecimal(md5(std::string(64, 'x'))), "c1bb4f81d892b2d57947682aeb252456");
}

TEST(Md5, MakesTheHmacOfRfc2202) {
  EXPECT_EQ(hexadecimal(hmac_md5(std::string(16, '\x0b'), "Hi There")), "9294727a3638bb1c13f48ef8158bfc9d");
  EXPECT_EQ(hexadecimal(hmac_md5("Jefe", "what do ya want for nothing?")),
            "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(hexadecimal(
                hmac_md5(std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
}

}  // namespace
}  // namespace qmail
