#include "core/format/crc32c.h"

#include <array>
#include <bit>
#include <cstring>

#ifdef __x86_64__
#include <cpuid.h>
#include <nmmintrin.h>
#endif

namespace qmail {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // with its bits reversed
constexpr std::size_t slices = 8;
constexpr std::size_t byte_values = 256;
using Tables = std::array<std::array<std::uint32_t, byte_values>, slices>;

/// [0] is what one byte does to the sum; [n] what it does when n more bytes follow it.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < byte_values; ++byte) {
    std::uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? polynomial : 0);
    tables[0][byte] = sum;
  }
  for (std::size_t slice = 1; slice < slices; ++slice)
    for (std::size_t byte = 0; byte < byte_values; ++byte) {
      const std::uint32_t shorter = tables[slice - 1][byte];
      tables[slice][byte] = (shorter >> 8) ^ tables[0][shorter & 0xff];
    }
  return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t one_byte(std::uint32_t sum, char byte) {
  return (sum >> 8) ^ tables[0][(sum ^ static_cast<unsigned char>(byte)) & 0xff];
}

/// Eight bytes at a time, without waiting for the sum of the one before.
std::uint32_t eight_bytes(std::uint32_t sum, const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  word ^= sum;
  std::uint32_t result = 0;
  for (std::size_t slice = slices; slice-- > 0; word >>= 8) result ^= tables[slice][word & 0xff];
  return result;
}

std::uint32_t by_tables(std::string_view bytes, std::uint32_t sum) {
  for (; bytes.size() >= slices; bytes.remove_prefix(slices)) sum = eight_bytes(sum, bytes.data());
  for (const char byte : bytes) sum = one_byte(sum, byte);
  return sum;
}

#ifdef __x86_64__

/// To ask costs a guest of a virtual machine as much as the tables take for some thousand bytes: whoever sums
/// little never asks.
constexpr std::size_t worth_asking = 512;

bool has_instruction() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  __cpuid(1, a, b, c, d);
  return (c & bit_SSE4_2) != 0;
}

[[gnu::target("sse4.2")]] std::uint32_t by_instruction(std::string_view bytes, std::uint32_t before) {
  std::uint64_t sum = before;
  for (; bytes.size() >= sizeof sum; bytes.remove_prefix(sizeof sum)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    sum = _mm_crc32_u64(sum, word);
  }
  auto result = static_cast<std::uint32_t>(sum);
  for (const char byte : bytes) result = _mm_crc32_u8(result, static_cast<unsigned char>(byte));
  return result;
}

#endif

std::uint32_t run(std::string_view bytes, std::uint32_t sum) {
#ifdef __x86_64__
  if (bytes.size() >= worth_asking) {
    static const bool has = has_instruction();
    if (has) return by_instruction(bytes, sum);
  }
#endif
  return by_tables(bytes, sum);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) { return ~run(bytes, ~before); }

}  // namespace qmail
