#include "core/programs/qmail-pop3d/message_encoder.h"

#include <gtest/gtest.h>

#include "core/base/program.h"

namespace qmail {

// run_program, which is not called here, would take it from the manual page.
const ProgramText program_text{"qmail-pop3d", "", "", ""};

namespace pop3d {
namespace {

/// Cut into pieces of `cut` bytes.
std::string encode(std::string_view message, std::optional<std::uint64_t> lines, std::size_t cut) {
  MessageEncoder encoder(lines);
  std::string out;
  for (std::size_t at = 0; at < message.size(); at += cut)
    if (!encoder.put(message.substr(at, cut), out)) break;
  encoder.finish(out);
  return out;
}

struct Row {
  std::string_view message;
  std::optional<std::uint64_t> lines;
  std::string_view encoded;
};

constexpr std::string_view three_lines = "A: b\n\n1\n\n.3\n";

const Row rows[] = {
    {"", {}, "\r\n.\r\n"},
    {"\n", {}, "\r\n\r\n.\r\n"},
    {".", {}, "..\r\n\r\n.\r\n"},
    {".\n..\n", {}, "..\r\n...\r\n\r\n.\r\n"},
    {"a", {}, "a\r\n\r\n.\r\n"},
    {"a.b\n", {}, "a.b\r\n\r\n.\r\n"},
    {"a\r\n\r.\n", {}, "a\r\r\n\r.\r\n\r\n.\r\n"},
    {three_lines, {}, "A: b\r\n\r\n1\r\n\r\n..3\r\n\r\n.\r\n"},
    {three_lines, 0, "A: b\r\n\r\n\r\n.\r\n"},
    {three_lines, 1, "A: b\r\n\r\n1\r\n\r\n.\r\n"},
    {three_lines, 2, "A: b\r\n\r\n1\r\n\r\n\r\n.\r\n"},
    {three_lines, 3, "A: b\r\n\r\n1\r\n\r\n..3\r\n\r\n.\r\n"},
    {three_lines, 99, "A: b\r\n\r\n1\r\n\r\n..3\r\n\r\n.\r\n"},
    {"no body\n", 0, "no body\r\n\r\n.\r\n"},
    {"\nonly body", 0, "\r\n\r\n.\r\n"},
    {"\nonly body", 1, "\r\nonly body\r\n\r\n.\r\n"},
};

TEST(MessageEncoder, SaysTheSameHoweverTheMessageIsCut) {
  for (const Row& row : rows)
    for (const std::size_t cut : {1U, 2U, 3U, 1000U})
      EXPECT_EQ(encode(row.message, row.lines, cut), row.encoded) << row.message << " in pieces of " << cut;
}

TEST(MessageEncoder, ReadsNoMoreThanIsWanted) {
  MessageEncoder encoder(1);
  std::string out;
  EXPECT_TRUE(encoder.put("A: b\n\n1\n", out));
  EXPECT_FALSE(encoder.put("2", out));
}

}  // namespace
}  // namespace pop3d
}  // namespace qmail
