#include "core/format/md5.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace qmail {
namespace {

constexpr std::size_t md5_block_size = 64;
constexpr std::size_t md5_length_size = 8;

using Md5State = std::array<std::uint32_t, 4>;

constexpr Md5State md5_start{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

constexpr std::array<std::array<int, 4>, 4> shifts{
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

/// The integer parts of 4294967296 times abs(sin(i)), i from 1.
constexpr std::array<std::uint32_t, 64> sines{
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

std::uint32_t md5_word_at(std::string_view block, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t i = 4; i-- > 0;) word = word << 8 | static_cast<unsigned char>(block[index * 4 + i]);
  return word;
}

void put_little_endian(std::string& bytes, std::uint64_t value, std::size_t count) {
  for (; count > 0; --count, value >>= 8) bytes += static_cast<char>(value & 0xff);
}

/// What a step mixes in: a function of the state, and which word of the block.
struct Mixed {
  std::uint32_t value;
  std::size_t word;
};

Mixed mix_md5(std::size_t step, const Md5State& s) {
  switch (step / 16) {
    case 0: return {(s[1] & s[2]) | (~s[1] & s[3]), step};
    case 1: return {(s[3] & s[1]) | (~s[3] & s[2]), (5 * step + 1) % 16};
    case 2: return {s[1] ^ s[2] ^ s[3], (3 * step + 5) % 16};
    default: return {s[2] ^ (s[1] | ~s[3]), 7 * step % 16};
  }
}

void take_md5_block(Md5State& state, std::string_view block) {
  Md5State now = state;
  for (std::size_t step = 0; step < sines.size(); ++step) {
    const Mixed mixed = mix_md5(step, now);
    const std::uint32_t sum = now[0] + mixed.value + sines[step] + md5_word_at(block, mixed.word);
    now = {now[3], now[1] + std::rotl(sum, shifts[step / 16][step % 4]), now[1], now[2]};
  }
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += now[i];
}

}  // namespace

std::string md5(std::string_view text) {
  Md5State state = md5_start;
  std::string_view rest = text;
  for (; rest.size() >= md5_block_size; rest.remove_prefix(md5_block_size))
    take_md5_block(state, rest.substr(0, md5_block_size));
  std::string last(rest);
  last += '\x80';
  last.resize(last.size() + (2 * md5_block_size - md5_length_size - last.size()) % md5_block_size);
  put_little_endian(last, static_cast<std::uint64_t>(text.size()) * 8, md5_length_size);
  for (std::string_view tail = last; !tail.empty(); tail.remove_prefix(md5_block_size))
    take_md5_block(state, tail.substr(0, md5_block_size));
  std::string digest;
  for (const std::uint32_t word : state) put_little_endian(digest, word, sizeof word);
  return digest;
}

std::string hmac_md5(std::string_view key, std::string_view text) {
  std::string padded = key.size() > md5_block_size ? md5(key) : std::string(key);
  padded.resize(md5_block_size);
  std::string inner, outer;
  for (const char byte : padded) {
    inner += static_cast<char>(byte ^ 0x36);
    outer += static_cast<char>(byte ^ 0x5c);
  }
  return md5(outer + md5(inner.append(text)));
}

}  // namespace qmail
