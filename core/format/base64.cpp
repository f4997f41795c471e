#include "core/format/base64.h"

#include <algorithm>
#include <cstdint>

namespace qmail {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// So many bytes are so many digits.
constexpr std::size_t group_bytes = 3;
constexpr std::size_t group_digits = 4;
constexpr unsigned bits_of_digit = 6;
constexpr unsigned bits_of_byte = 8;

/// Up to three bytes as four digits.
void encode_group(std::string_view bytes, std::string& text) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < group_bytes; ++i)
    bits = (bits << bits_of_byte) | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
  for (std::size_t i = 0; i < group_digits; ++i) {
    const unsigned shift = bits_of_digit * static_cast<unsigned>(group_digits - 1 - i);
    text += i <= bytes.size() ? digits[(bits >> shift) & 0x3f] : '=';
  }
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + group_bytes - 1) / group_bytes * group_digits);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(group_bytes, bytes.size())))
    encode_group(bytes.substr(0, group_bytes), text);
  return text;
}

std::optional<std::string> parse_base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.size() % group_digits != 0) return std::nullopt;
  text.remove_suffix(padding);
  std::string bytes;
  bytes.reserve(text.size() / group_digits * group_bytes + group_bytes);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << bits_of_digit) | static_cast<std::uint32_t>(digit);
    held += bits_of_digit;
    if (held < bits_of_byte) continue;
    held -= bits_of_byte;
    bytes += static_cast<char>((bits >> held) & 0xff);
    bits &= (1U << held) - 1;
  }
  // What is left of the last digit belongs to no byte.
  if (bits != 0) return std::nullopt;
  return bytes;
}

}  // namespace qmail
