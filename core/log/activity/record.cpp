#include "core/log/activity/record.h"

#include <charconv>
#include <cmath>
#include <cstdint>

#include "core/log/activity/words.h"

namespace qmail::activity {
namespace {

std::string text_of(double value, std::chars_format format, int precision) {
  constexpr std::size_t longest = 400;  // the largest double without an exponent
  std::array<char, longest> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, format, precision);
  return error == std::errc{} ? std::string(text.data(), end) : std::string();
}

template <std::size_t count>
bool take_words(std::string_view& line, const std::array<std::string_view*, count>& words) {
  for (std::string_view* const word : words) *word = take_word(line);
  return !words.back()->empty();
}

}  // namespace

double number_of(std::string_view word) {
  double value = 0;
  // Not "inf" and "nan".
  if (word.find_first_of("0123456789") > 2) return 0;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return std::isfinite(value) ? value : 0;
}

std::string printed(double value) {
  constexpr double largest = 1e18;
  if (value == std::trunc(value) && std::abs(value) < largest)
    return std::to_string(static_cast<std::int64_t>(value));
  return text_of(value, std::chars_format::general, 6);
}

std::string fixed(double value, int digits) { return text_of(value, std::chars_format::fixed, digits); }

std::optional<MessageRecord> parse_message_record(std::string_view line) {
  MessageRecord of;
  if (take_word(line) != "m") return std::nullopt;
  if (!take_words<9>(line, {&of.birth, &of.end, &of.bytes, &of.successes, &of.failures, &of.deferrals,
                            &of.sender, &of.qp, &of.uid}))
    return std::nullopt;
  return of;
}

std::optional<DeliveryRecord> parse_delivery_record(std::string_view line) {
  DeliveryRecord of;
  if (take_word(line) != "d") return std::nullopt;
  const std::string_view outcome = take_word(line);
  if (outcome == "k")
    of.outcome = Outcome::success;
  else if (outcome == "d")
    of.outcome = Outcome::failure;
  else if (outcome == "z")
    of.outcome = Outcome::deferral;
  else
    return std::nullopt;
  if (!take_words<8>(line,
                     {&of.birth, &of.start, &of.end, &of.bytes, &of.sender, &of.recipient, &of.qp, &of.uid}))
    return std::nullopt;
  of.reason = take_word(line);
  return of;
}

}  // namespace qmail::activity
