#include "core/format/dot_qmail.h"

#include <gtest/gtest.h>
#include <string>

namespace qmail {

/// How a failing test shows one.
void PrintTo(const Instruction& instruction, std::ostream* out) {
  *out << static_cast<int>(instruction.kind) << " \"" << instruction.text << '"';
}

namespace {

using enum Instruction::Kind;
using namespace std::string_literals;

TEST(DotQmail, KnowsEachKindOfLine) {
  struct Row {
    std::string text;
    std::vector<Instruction> instructions;
  };
  const Row rows[] = {
      {"./Maildir/\n", {{maildir, "./Maildir/"}}},
      {"./Mailbox", {{mbox, "./Mailbox"}}},
      {"/var/mail/x \t \n", {{mbox, "/var/mail/x"}}},
      {".\n/\n", {{mbox, "."}, {maildir, "/"}}},
      {"|cat \n|\n| \n", {{program, "cat"}, {program, ""}, {program, ""}}},
      {"&me@example.org\n&\n", {{forward, "me@example.org"}, {forward, ""}}},
      {"me@example.org\n you\n", {{forward, "me@example.org"}, {forward, " you"}}},
      {"+list\n+lists\n+\n+list \n", {{forward_only, ""}, {forward_only, ""}}},
      {"# note\n#\n", {}},
      {"#\n\n \n./x\n", {{mbox, "./x"}}},
      {"\n./x\n", {{blank_first_line, ""}, {mbox, "./x"}}},
      {" \t\n", {{blank_first_line, ""}}},
      {"", {{blank_first_line, ""}}},
      {"\0./x\n"s, {{blank_first_line, ""}}},
      {"./x\0y\n\0z\n./M\0/\n"s, {{mbox, "./x"}, {maildir, "./M"}}},
      {"./x/ \0\n"s, {{mbox, "./x/ "}}},
      {"./crlf/\r\n", {{mbox, "./crlf/\r"}}},
  };
  for (const Row& row : rows) EXPECT_EQ(parse_dot_qmail(row.text), row.instructions) << row.text;
}

TEST(DotQmail, TakesLinesOfAnyLength) {
  const std::string address(5 << 20, 'a');
  const std::string text = "&" + address + "\n";
  EXPECT_EQ(parse_dot_qmail(text), (std::vector<Instruction>{{forward, address}}));
  EXPECT_EQ(parse_dot_qmail("#\n" + std::string(100000, '&') + "\n").size(), 1U);
}

}  // namespace
}  // namespace qmail
