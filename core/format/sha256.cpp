#include "core/format/sha256.h"

#include <array>
#include <bit>
#include <cstdint>

namespace qmail {
namespace {

constexpr std::size_t block_size = 64;

/// The fractions of the square roots of the first 8 primes, and of the cube roots of the first 64.
constexpr std::array<std::uint32_t, 8> initial_state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::array<std::uint32_t, 64> round_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;

std::array<std::uint32_t, 64> schedule(std::string_view block) {
  std::array<std::uint32_t, 64> words{};
  for (std::size_t i = 0; i < block_size; ++i)
    words[i / 4] = (words[i / 4] << 8) | static_cast<unsigned char>(block[i]);
  for (std::size_t i = 16; i < words.size(); ++i) {
    const std::uint32_t a = words[i - 15], b = words[i - 2];
    words[i] = words[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) + words[i - 7] +
               (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
  }
  return words;
}

void mix(State& state, std::string_view block) {
  const auto words = schedule(block);
  State s = state;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::uint32_t e = s[4], a = s[0];
    const std::uint32_t first = s[7] + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                ((e & s[5]) ^ (~e & s[6])) + round_constants[i] + words[i];
    const std::uint32_t second =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
    s = {first + second, a, s[1], s[2], s[3] + first, e, s[5], s[6]};
  }
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += s[i];
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    text += static_cast<char>((value >> shift) & 0xff);
  return text;
}

std::string xor_each(std::string bytes, char with) {
  for (char& byte : bytes) byte = static_cast<char>(byte ^ with);
  return bytes;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  State state = initial_state;
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (; bytes.size() >= block_size; bytes.remove_prefix(block_size)) mix(state, bytes.substr(0, block_size));
  std::string rest = std::string(bytes) + '\x80';
  while (rest.size() % block_size != block_size - 8) rest += '\0';
  rest += big_endian(bits, 8);
  for (std::size_t at = 0; at < rest.size(); at += block_size)
    mix(state, std::string_view(rest).substr(at, block_size));
  std::string digest;
  for (const std::uint32_t word : state) digest += big_endian(word, 4);
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string padded = key.size() > block_size ? sha256(key) : std::string(key);
  padded.resize(block_size, '\0');
  return sha256(xor_each(padded, '\x5c') + sha256(xor_each(padded, '\x36') + std::string(bytes)));
}

}  // namespace qmail
