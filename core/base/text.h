// Small things with text, none of which knows the locale.
#pragma once
#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower(std::string_view text);
bool equal_nocase(std::string_view a, std::string_view b);
bool starts_nocase(std::string_view text, std::string_view prefix);
bool ends_nocase(std::string_view text, std::string_view suffix);

/// Without blanks, tabs and newlines at its end: how qmail reads every line of a control file.
std::string_view trim_end(std::string_view text);

/// `text` with `instead` in place of every byte that is not printable ASCII.
std::string printable(std::string text, char instead);

/// Two digits, in lower case, for each byte.
std::string hexadecimal(std::string_view bytes);

/// The pieces between `separator`s; one more than there are separators.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The whole of `text` as a decimal number without sign or blanks; none if it is not one or does not fit.
template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Takes the decimal digits off the front of `text`; none, and `text` unchanged, if there are none or too
/// many.
template <std::unsigned_integral Number>
std::optional<Number> take_number(std::string_view& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// `value` in decimal with zeros in front up to `width`.
std::string zero_padded(std::uint64_t value, std::size_t width);

}  // namespace qmail
