#include "core/smtp/reply_parser.h"

#include <gtest/gtest.h>

namespace qmail::smtpc {
namespace {

/// The number of bytes of `text` that the first reply in it takes; 0: it is not complete.
std::size_t parse(std::string_view text, ServerReply& reply) {
  ReplyParser parser;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (parser.add(text[i])) {
      reply = parser.reply();
      return i + 1;
    }
  return 0;
}

struct ReplyCase {
  std::string_view text;
  std::size_t size;
  std::uint64_t code;
  std::string_view kept;
};

TEST(ReplyParser, TakesOneReplyOfOneOrMoreLines) {
  const ReplyCase cases[] = {
      {"220 hello\r\n250 ", 11, 220, "220 hello\n"},
      {"250-one\r\n250-two\r\n250 three\r\n", 29, 250, "250-one\n250-two\n250 three\n"},
      {"250\r\nx", 5, 250, "250\n"},
      {"250\n", 4, 250, "250\n"},
      {"250-one\r\n550 other\r\n", 20, 250, "250-one\n550 other\n"},
      {"250 one\n", 8, 250, "250 one\n"},
      {"250 a\rb\n", 8, 250, "250 ab\n"},
  };
  for (const ReplyCase& one : cases) {
    ServerReply reply;
    EXPECT_EQ(parse(one.text, reply), one.size);
    EXPECT_EQ(reply.code, one.code);
    EXPECT_EQ(reply.text, one.kept);
  }
}

TEST(ReplyParser, WaitsForTheRest) {
  for (const std::string_view text : {"", "2", "250", "250 ok", "250 ok\r", "250-ok\r\n", "250-ok\r\n250"}) {
    ServerReply reply;
    EXPECT_EQ(parse(text, reply), 0u) << text;
  }
}

TEST(ReplyParser, TakesLettersForARefusal) {
  for (const std::string_view text : {"abc\r\n", "\n\n\n\n\n", "ok, go on\r\n"}) {
    ServerReply reply;
    EXPECT_NE(parse(text, reply), 0u);
    EXPECT_TRUE(reply.refuses_for_good()) << text;
  }
}

TEST(ReplyParser, KeepsABoundedText) {
  ServerReply reply;
  EXPECT_EQ(parse("550 " + std::string(100000, 'a') + "\r\n", reply), 100006u);
  EXPECT_EQ(reply.text.size(), ReplyParser::longest_text);
}

}  // namespace
}  // namespace qmail::smtpc
