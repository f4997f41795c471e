#include "core/format/header_field.h"

#include <gtest/gtest.h>

#include "core/base/text.h"

namespace qmail::header {
namespace {

TEST(HeaderField, IsKnownInAnyCaseAndWithBlanksBeforeTheColon) {
  EXPECT_EQ(field_of("To: x"), Field::to);
  EXPECT_EQ(field_of("tO \t: x"), Field::to);
  EXPECT_EQ(field_of("RESENT-MESSAGE-ID:"), Field::resent_message_id);
  EXPECT_EQ(field_of("Mail-Followup-To: x"), Field::mail_followup_to);
  EXPECT_EQ(field_of("Tom: x"), Field::other);
  EXPECT_EQ(field_of(" To: x"), Field::other);
  EXPECT_EQ(field_of("To"), Field::other);
  EXPECT_EQ(field_of(": x"), Field::other);
  EXPECT_EQ(field_of(""), Field::other);
}

TEST(HeaderField, NeedsAPrintableNameAndAColon) {
  for (const std::string_view line : {"X:", "X :", "X\t: y", "!#$:", "Subject: a: b"})
    EXPECT_TRUE(is_field(line)) << line;
  for (const std::string_view line : {"", ":", " :", "X", "X y:", " X:", "\xe9:", "X\x7f:", "X\x01:"})
    EXPECT_FALSE(is_field(line)) << line;
}

/// The fields in brackets, then what is left for the body.
std::string divided(std::string_view message) {
  std::string seen;
  HeaderSplitter splitter([&](const std::string& field) { seen += "[" + field + "]"; });
  while (!message.empty()) {
    const std::string_view line = message.substr(0, message.find('\n') + 1);
    if (!splitter.take(line)) return seen + std::string(message);
    message.remove_prefix(line.size());
  }
  splitter.end();
  return seen;
}

TEST(HeaderSplitter, GivesFieldsWithTheirContinuations) {
  EXPECT_EQ(divided("A: 1\n 2\n\t3\nB: 4\n\nbody\n"), "[A: 1\n 2\n\t3\n][B: 4\n]\nbody\n");
  EXPECT_EQ(divided("A: 1\n"), "[A: 1\n]");
  EXPECT_EQ(divided("A: 1\n \n\n"), "[A: 1\n \n]\n");
  EXPECT_EQ(divided(""), "");
}

TEST(HeaderField, IsKnownByItsName) {
  EXPECT_TRUE(is_field("SUBJECT \t: x\n", "subject"));
  EXPECT_FALSE(is_field("Subjects: x\n", "subject"));
  EXPECT_FALSE(is_field("Subject x\n", "subject"));
  EXPECT_EQ(value_of("Subject: \t\n x: y \n"), "x: y ");
  EXPECT_EQ(value_of("Subject:\n"), "");
  EXPECT_EQ(value_of("Subject"), "");
  EXPECT_EQ(value_of(""), "");
}

TEST(HeaderSplitter, EndsTheHeaderAtALineThatIsNoField) {
  EXPECT_EQ(divided("A: 1\nhello\nB: 2\n"), "[A: 1\n]hello\nB: 2\n");
  EXPECT_EQ(divided(" A: 1\n"), " A: 1\n");
  EXPECT_EQ(divided("A: 1\n\r\nbody\n"), "[A: 1\n]\r\nbody\n");
}

TEST(HeaderSplitter, KeepsAnMboxLineUnderAnotherName) {
  EXPECT_EQ(divided("From joe Sat Nov 21 09:05:07 2026\nA: 1\n"),
            "[MBOX-Line: From joe Sat Nov 21 09:05:07 2026\n][A: 1\n]");
  EXPECT_EQ(divided("From : x\n"), "[MBOX-Line: From : x\n]");
}

}  // namespace
}  // namespace qmail::header
