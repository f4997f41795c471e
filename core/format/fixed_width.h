// Numbers of fixed width, the low byte first, as binary formats of ours have them.
#pragma once
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qmail {

template <std::unsigned_integral Number>
void append_fixed(std::string& out, Number value) {
  for (std::size_t at = 0; at < sizeof(Number); ++at) out += static_cast<char>(value >> (8 * at) & 0xff);
}

/// Takes one off the front of `in`; none, and `in` unchanged, if that is too short.
template <std::unsigned_integral Number>
std::optional<Number> take_fixed(std::string_view& in) {
  if (in.size() < sizeof(Number)) return std::nullopt;
  Number value = 0;
  for (std::size_t at = 0; at < sizeof(Number); ++at)
    value = static_cast<Number>(value | static_cast<Number>(static_cast<unsigned char>(in[at])) << (8 * at));
  in.remove_prefix(sizeof(Number));
  return value;
}

}  // namespace qmail
