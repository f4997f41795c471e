#include "core/format/crc32c.h"

#include <gtest/gtest.h>
#include <string>

namespace qmail {
namespace {

// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
TEST(Crc32c, IsThatOfTheStandard) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  std::string rising;
  for (char byte = 0; byte < 32; ++byte) rising += byte;
  EXPECT_EQ(crc32c(rising), 0x46dd794eU);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Crc32c, IsTheSameInPieces) {
  const std::string bytes = "The quick brown fox jumps over the lazy dog.";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::string_view all = bytes;
    EXPECT_EQ(crc32c(all.substr(cut), crc32c(all.substr(0, cut))), crc32c(all)) << cut;
  }
}

TEST(Crc32c, IsTheSameForMuchAndForManySmallPieces) {
  std::string bytes;
  for (std::uint32_t i = 0; i < 5003; ++i) bytes += static_cast<char>(i * i >> 5);
  for (const std::size_t length : {511U, 512U, 513U, 4096U, 5003U}) {
    const std::string_view all = std::string_view(bytes).substr(0, length);
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < length; at += 7) sum = crc32c(all.substr(at, 7), sum);
    EXPECT_EQ(crc32c(all), sum) << length;
  }
}

TEST(Crc32c, SeesEveryChangedBit) {
  std::string bytes(100, 'x');
  const std::uint32_t right = crc32c(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(crc32c(bytes), right) << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  }
}

}  // namespace
}  // namespace qmail
