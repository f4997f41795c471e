#include "core/smtp/data_encoder.h"

#include <gtest/gtest.h>

namespace qmail::smtpc {
namespace {

struct Encoding {
  std::string message;
  std::string encoded;  ///< without a dot at its end: a last line that has no end
};

const Encoding encodings[] = {
    {"", ".\r\n"},
    {"a\n", "a\r\n.\r\n"},
    {"\n", "\r\n.\r\n"},
    {".\n", "..\r\n.\r\n"},
    {"..a\n.b.\n", "...a\r\n..b.\r\n.\r\n"},
    {"a.\nb\n", "a.\r\nb\r\n.\r\n"},
    {"a\r\nb\r\n", "a\r\nb\r\n.\r\n"},
    {"\xff\x80 \t\n", "\xff\x80 \t\r\n.\r\n"},
    {std::string("a\0b\n", 4), std::string("a\0b\r\n.\r\n", 8)},
    {"a\r", "a\r\n.\r\n"},
    {"a", "a"},
    {".", ".."},
    {"a\n.", "a\r\n.."},
    // Nothing that any server could take for the end of the message stays in it.
    {"a\n.\nb\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"a\r.\rb\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"a\r.\r\nb\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"a\r\n.\rb\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"a\n.\rb\n", "a\r\n..\r\nb\r\n.\r\n"},
    {"\r.\r\n", "\r\n..\r\n.\r\n"},
    {"a\r\r\n.\nb\n", "a\r\n\r\n..\r\nb\r\n.\r\n"},
    {"\r\r\r\n", "\r\n\r\n\r\n.\r\n"},
};

std::string encode(const std::string& message, std::size_t piece) {
  DataEncoder encoder;
  std::string out;
  for (std::size_t at = 0; at < message.size(); at += piece) encoder.encode(message.substr(at, piece), out);
  const bool ended = encoder.finish(out);
  EXPECT_EQ(ended, out.ends_with(".\r\n") && (out.size() == 3 || out.ends_with("\r\n.\r\n")));
  return out;
}

TEST(DataEncoder, EndsEveryLineInOneWayWhereverTheInputIsCut) {
  for (const Encoding& one : encodings)
    for (const std::size_t piece : {1u, 2u, 3u, 100u}) EXPECT_EQ(encode(one.message, piece), one.encoded);
}

}  // namespace
}  // namespace qmail::smtpc
