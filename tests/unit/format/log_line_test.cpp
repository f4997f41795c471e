#include "core/format/log_line.h"

#include <gtest/gtest.h>
#include <vector>

namespace qmail {
namespace {

/// Takes every date for one of 2026, in UTC+1.
class TestCalendar final : public Calendar {
 public:
  std::int64_t seconds(const LocalDate& date) override {
    asked.push_back(date);
    return answer;
  }
  std::vector<LocalDate> asked;
  std::int64_t answer = 1795251907;
};

std::string time_of(std::string_view line) {
  TestCalendar calendar;
  const LogLine found = parse_log_line(line, calendar);
  return found.kind == LogLine::Kind::said ? found.time.text() : "none";
}
std::string text_of(std::string_view line) {
  TestCalendar calendar;
  return std::string(parse_log_line(line, calendar).text);
}

struct Form {
  std::string_view line, time;
};

class EveryForm : public testing::TestWithParam<Form> {};

TEST_P(EveryForm, HasItsTime) { EXPECT_EQ(time_of(GetParam().line), GetParam().time) << GetParam().line; }

INSTANTIATE_TEST_SUITE_P(
    LogLine, EveryForm,
    testing::Values(Form{"862161420.000691 end msg 5", "862161420.000691"},
                    Form{"862161420 end msg 5", "862161420"}, Form{"862161420.5\tend msg 5", "862161420.5"},
                    Form{"1.123456789987 x", "1.123456789"}, Form{"0.000000001 x", "0.000000001"},
                    Form{"@400000000000000a00000001 x", "0.000000001"},
                    Form{"@4000000037c219bf2ef02e94 x", "935467445.787492500"},
                    Form{"2026-11-21T09:05:07Z x", "1795251907"},
                    Form{"2026-11-21T09:05:07.250+01:00 x", "1795248307.250"},
                    Form{"2026-11-21T09:05:07-0330 x", "1795264507"},
                    Form{"2026-11-21 09:05:07 x", "1795251907"}, Form{"1972-02-29T23:59:60Z x", "68256000"},
                    Form{"Nov 21 09:05:07 mx qmail: x", "1795251907"},
                    Form{"Nov  1 09:05:07.25 mx qmail: x", "1795251907.25"}));

class NoForm : public testing::TestWithParam<std::string_view> {};

TEST_P(NoForm, HasNoTime) { EXPECT_EQ(time_of(GetParam()), "none") << GetParam(); }

INSTANTIATE_TEST_SUITE_P(
    LogLine, NoForm,
    testing::Values("", " ", "end msg 5", "862161420x y", "862161420. x", ".5 x", "0862161420 x", "00 x",
                    "-5 x", "99999999999999999999999 x", "100000000000001 x", "@4000000037c219bf2ef02e9 x",
                    "@4000000037C219BF2EF02E94 x", "@4000000037c219bf3b9aca00 x",
                    "@3fffffffffffffff00000000 x", "@c00000000000000000000000 x",
                    "@40005af3107a400b00000000 x", "2026-13-21T09:05:07Z x", "2026-02-29T09:05:07Z x",
                    "2026-11-21T24:05:07Z x", "2026-11-21T09:05:07+24:00 x", "1969-12-31T23:59:59Z x",
                    "2026-11-21T09:05 x", "Nov 32 09:05:07 x", "Nov 0 09:05:07 x", "Nov 21 9:05:07 x",
                    "nov 21 09:05:07 x", "Nov", "Nov ", "2026-", "@"));

TEST(LogLine, AsksForTheYearOnlyWhereThereIsNone) {
  TestCalendar calendar;
  parse_log_line("Feb 29 23:01:02 mx qmail: x", calendar);
  parse_log_line("2024-02-29 23:01:02 x", calendar);
  ASSERT_EQ(calendar.asked.size(), 2U);
  EXPECT_EQ(calendar.asked[0].year, 0);
  EXPECT_EQ(calendar.asked[0].month, 2);
  EXPECT_EQ(calendar.asked[0].day, 29);
  EXPECT_EQ(calendar.asked[1].year, 2024);
}

TEST(LogLine, HasNoTimeWhereTheCalendarKnowsNone) {
  TestCalendar calendar;
  calendar.answer = -1;
  EXPECT_EQ(parse_log_line("Feb 30 23:01:02 mx qmail: x", calendar).kind, LogLine::Kind::unknown);
}

TEST(LogLine, LeavesHostAndProgramOut) {
  EXPECT_EQ(text_of("Nov 21 09:05:07 mx qmail: end msg 5"), "end msg 5");
  EXPECT_EQ(text_of("Nov 21 09:05:07 mx mail.info qmail[3]: end msg 5"), "end msg 5");
  EXPECT_EQ(text_of("1795251907.123456 mx qmail-send[12]: end msg 5"), "end msg 5");
  EXPECT_EQ(text_of("Nov 21 09:05:07 mx qmail: 862161420.000691 end msg 5"), "end msg 5");
  EXPECT_EQ(text_of("2026-11-21T09:05:07Z mx qmail: @4000000037c219bf2ef02e94 end msg 5"), "end msg 5");
}

TEST(LogLine, DoesNotTakeWhatQmailSendSaysForHostAndProgram) {
  for (const std::string_view text :
       {"delivery 5: success: ok/", "info msg 5: bytes 1", "starting delivery 5: msg 1 to local x",
        "alert: cannot start: unable to", "status: local 1/10", "triple bounce: discarding bounce/5"})
    for (const std::string_view time : {"862161420.000691 ", "2026-11-21 09:05:07 "})
      EXPECT_EQ(text_of(std::string(time).append(text)), text);
}

TEST(LogLine, KnowsALineThatIsBare) {
  TestCalendar calendar;
  EXPECT_TRUE(parse_log_line("  862161420.000691 alert: x", calendar).is_bare);
  EXPECT_FALSE(parse_log_line("862161420.000691 mx qmail: alert: x", calendar).is_bare);
  EXPECT_FALSE(parse_log_line("@4000000037c219bf2ef02e94 alert: x", calendar).is_bare);
}

using Lines = std::vector<std::string>;

/// "time text" of what was said, "part" and "unknown".
Lines read(const Lines& lines) {
  TestCalendar calendar;
  LogLines reader(calendar);
  Lines found;
  for (const std::string& line : lines) {
    const LogLine one = reader.take(line);
    if (one.kind == LogLine::Kind::said)
      found.push_back(one.time.text() + " " + std::string(one.text));
    else
      found.emplace_back(one.kind == LogLine::Kind::part ? "part" : "unknown");
  }
  return found;
}

TEST(JournalExport, GivesTheMessageOfAnEntryItsTime) {
  EXPECT_EQ(
      read({"__CURSOR=s=1", "__REALTIME_TIMESTAMP=1795251907123456", "_PID=5", "MESSAGE=end msg 5", ""}),
      (Lines{"part", "part", "part", "1795251907.123456 end msg 5", "part"}));
}

TEST(JournalExport, EndsWithItsEntry) {
  EXPECT_EQ(
      read({"__REALTIME_TIMESTAMP=1", "", "MESSAGE=end msg 5", "5 end msg 5", "__CURSOR=x", "MESSAGE=x"}),
      (Lines{"part", "part", "unknown", "5 end msg 5", "part", "part"}));
}

TEST(JournalExport, PassesOverBinaryFields) {
  const std::string length("\3\0\0\0\0\0\0\0", 8);
  EXPECT_EQ(read({"__REALTIME_TIMESTAMP=1", "DATA", length + "a", "", "", "MESSAGE=x"}),
            (Lines{"part", "part", "part", "part", "part", "0.000001 x"}));
  // A length of ten has a newline in it.
  EXPECT_EQ(read({"__REALTIME_TIMESTAMP=1", "DATA", "", std::string(7, '\0') + "123456789", "", "MESSAGE=x"}),
            (Lines{"part", "part", "part", "part", "part", "0.000001 x"}));
}

TEST(JournalExport, CountsBytesThatWereNotKept) {
  TestCalendar calendar;
  LogLines reader(calendar);
  reader.take("__REALTIME_TIMESTAMP=1");
  reader.take("DATA");
  reader.take(std::string("\x64\0\0\0\0\0\0\0", 8) + "0123456789", 90);
  EXPECT_EQ(reader.take("MESSAGE=x").kind, LogLine::Kind::said);
}

TEST(JournalExport, SkipsAnEntryWhoseLengthsAreWrong) {
  const std::string too_long = std::string(8, '\xff'), inside = std::string("\1\0\0\0\0\0\0\0", 8);
  for (const std::string& data : {too_long, inside + "abc"})
    EXPECT_EQ(read({"__REALTIME_TIMESTAMP=1", "DATA", data, "MESSAGE=x", "", "5 end msg 5"}),
              (Lines{"part", "part", "part", "part", "part", "5 end msg 5"}));
}

}  // namespace
}  // namespace qmail
