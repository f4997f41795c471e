// A line of a log and its time, in every form that loggers write: matchup(1) lists them. Read by matchup and
// qmail-report.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmail {

/// A moment as a log has it, since 1970 UTC.
struct LogTime {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  std::uint8_t digits = 0;  ///< of the fraction, as they were written
  bool operator==(const LogTime&) const = default;
  /// "1795375500.123456": what was read, if it was read in this form.
  std::string text() const;
};

/// Beyond it no form has a time, so that one which was read in one form can be read again in another.
inline constexpr std::uint64_t latest_log_time = 100'000'000'000'000;

/// A date in the time of the machine that wrote it.
struct LocalDate {
  int year = 0;  ///< 0: it was not written
  int month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

/// What a date without a zone, or even without a year, means.
class Calendar {
 public:
  virtual ~Calendar() = default;
  virtual std::int64_t seconds(const LocalDate& date) = 0;
};

struct LogLine {
  enum class Kind {
    said,    ///< it has a time and a text
    part,    ///< of an entry of the journal, and not the part that says something
    unknown  ///< no log line
  };
  Kind kind = Kind::unknown;
  LogTime time = {};
  std::string_view text = {};  ///< without time, host and program
  bool is_bare = false;        ///< nothing but its time in decimal stands before the text
};

/// Takes a time off the front of `in`; on nullopt `in` is unchanged.
std::optional<LogTime> take_log_time(std::string_view& in, Calendar& calendar);

/// A line that stands for itself: said or unknown.
LogLine parse_log_line(std::string_view line, Calendar& calendar);

/// Lines one after the other, among them entries of several lines as `journalctl -o export` writes them.
class LogLines {
 public:
  explicit LogLines(Calendar& calendar) : calendar_(calendar) {}

  /// The next line, without its newline. `dropped`: how many more bytes it had. The text is part of `line`.
  LogLine take(std::string_view line, std::size_t dropped = 0);

 private:
  /// Where the next line belongs.
  enum class Place { outside, field, length, data, damaged };

  LogLine take_field(std::string_view line);
  void pass_data(std::string_view line, std::size_t dropped);

  Calendar& calendar_;
  Place place_ = Place::outside;
  std::optional<LogTime> entry_time_;
  std::string length_;      ///< the bytes so far of a binary field's length
  std::uint64_t left_ = 0;  ///< bytes of a binary field that are still to come
};

}  // namespace qmail
