#include "core/format/log_line.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view without_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(blanks)); }

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "qmail:", "qmail-send[12]:"; not "12:", which only qmail-send itself writes.
bool is_program(std::string_view word) {
  return word.size() > 1 && word.ends_with(':') && !is_number(word.substr(0, word.size() - 1));
}

/// Takes "host program: " off the front, or "host facility.level program: " if there may be three words.
bool take_origin(std::string_view& text, int most_words) {
  // The only lines of qmail-send whose second word looks like a program.
  if (text.starts_with("triple bounce:")) return false;
  std::string_view rest = text;
  for (int words = 0; words < most_words; ++words) {
    const std::string_view word = first_word(rest);
    if (word.ends_with(':') && (words == 0 || !is_program(word))) return false;
    rest = without_blanks(rest.substr(word.size()));
    if (word.ends_with(':')) {
      text = rest;
      return true;
    }
  }
  return false;
}

bool is_decimal(std::string_view text) { return !text.empty() && text[0] >= '0' && text[0] <= '9'; }

/// Loggers in front of a syslog daemon, splogger above all, put a time of their own there: it knows more.
void take_inner_time(LogLine& line, Calendar& calendar) {
  if (!is_decimal(line.text) && !line.text.starts_with('@')) return;
  std::string_view rest = line.text;
  const auto time = take_log_time(rest, calendar);
  if (!time) return;
  line.time = *time;
  line.text = without_blanks(rest);
}

}  // namespace

LogLine parse_log_line(std::string_view line, Calendar& calendar) {
  // Where awk emptied the words in front of a line, their blanks are left.
  line = without_blanks(line);
  std::string_view rest = line;
  const auto time = take_log_time(rest, calendar);
  if (!time) return {};
  const std::string_view written = line.substr(0, line.size() - rest.size());
  LogLine found{.kind = LogLine::Kind::said, .time = *time, .text = without_blanks(rest)};
  if (written.starts_with('@')) return found;
  const bool is_stamp = written.find_first_not_of("0123456789.") == std::string_view::npos;
  if (take_origin(found.text, is_stamp ? 2 : 3))
    take_inner_time(found, calendar);
  else
    found.is_bare = is_stamp;
  return found;
}

LogLine LogLines::take(std::string_view line, std::size_t dropped) {
  switch (place_) {
    case Place::outside:
      if (!line.starts_with("__CURSOR=") && !line.starts_with("__REALTIME_TIMESTAMP="))
        return parse_log_line(line, calendar_);
      entry_time_.reset();
      place_ = Place::field;
      return take_field(line);
    case Place::field: return take_field(line);
    case Place::length:
    case Place::data: pass_data(line, dropped); break;
    case Place::damaged:
      if (line.empty()) place_ = Place::outside;
  }
  return {.kind = LogLine::Kind::part};
}

LogLine LogLines::take_field(std::string_view line) {
  LogLine part{.kind = LogLine::Kind::part};
  const std::size_t equals = line.find('=');
  if (line.empty()) {
    place_ = Place::outside;
  } else if (equals == std::string_view::npos) {
    // Its value can have newlines. No line of ours has, but one that looks like ours may be in there.
    place_ = Place::length;
    length_.clear();
  } else if (line.starts_with("__REALTIME_TIMESTAMP=")) {
    constexpr std::uint64_t second = 1'000'000;
    if (const auto value = parse_number<std::uint64_t>(line.substr(equals + 1)))
      entry_time_ = LogTime{static_cast<std::int64_t>(*value / second),
                            static_cast<std::int32_t>(*value % second * 1000), 6};
  } else if (line.starts_with("MESSAGE=") && entry_time_) {
    part = {.kind = LogLine::Kind::said, .time = *entry_time_, .text = line.substr(equals + 1)};
    take_inner_time(part, calendar_);
  }
  return part;
}

void LogLines::pass_data(std::string_view line, std::size_t dropped) {
  constexpr std::size_t length_size = 8;
  constexpr std::uint64_t longest = std::uint64_t{1} << 40;
  std::uint64_t here = line.size() + dropped + 1;
  if (place_ == Place::length) {
    for (std::size_t at = 0; here > 0 && length_.size() < length_size; ++at, --here)
      length_ += at < line.size() ? line[at] : '\n';
    if (length_.size() < length_size) return;
    left_ = 1;  // the newline behind it
    for (std::size_t at = 0; at < length_size; ++at)
      left_ += std::uint64_t{static_cast<unsigned char>(length_[at])} << 8 * at;
    place_ = left_ > longest ? Place::damaged : Place::data;
    if (here == 0) return;
  }
  if (place_ == Place::damaged) return;
  if (here == left_) place_ = Place::field;
  if (here > left_) place_ = Place::damaged;
  left_ -= std::min(here, left_);
}

}  // namespace qmail
