#include "core/programs/qmail-report/show.h"

#include <gtest/gtest.h>

#include "core/programs/qmail-report/markup.h"

namespace qmail::report {
namespace {

TEST(Show, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(Show, PutsSizesAndTimesIntoUnits) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(999), "999 B");
  EXPECT_EQ(size_text(1500), "1.5 kB");
  EXPECT_EQ(size_text(23'400'000), "23 MB");
  EXPECT_EQ(duration_text(0), "0.000 s");
  EXPECT_EQ(duration_text(1.25), "1.2 s");
  EXPECT_EQ(duration_text(42), "42 s");
  EXPECT_EQ(duration_text(90), "1.5 min");
  EXPECT_EQ(duration_text(600), "10 min");
  EXPECT_EQ(duration_text(172800), "2 days");
  EXPECT_EQ(moment_text(1795251907), "2026-11-21 09:05:07");
}

TEST(Show, LeavesOnlyPrintableText) { EXPECT_EQ(printable("a\x1b[2J\xff\n"), "a?[2J??"); }

TEST(Markup, EscapesEverythingThatCouldEndText) {
  EXPECT_EQ(escape("<script>'\"&\x01"), "&lt;script&gt;&#39;&quot;&amp;?");
  const std::string bar = svg_bar({.tip = "</title><script>"});
  EXPECT_EQ(bar.find("<script"), std::string::npos);
  EXPECT_EQ(svg(1, 1, "\" onload=\"x", "").find("\" onload"), std::string::npos);
}

}  // namespace
}  // namespace qmail::report
