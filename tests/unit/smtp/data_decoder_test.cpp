#include "core/smtp/data_decoder.h"

#include <gtest/gtest.h>

namespace qmail::smtpd {
namespace {

using Outcome = DataDecoder::Outcome;

struct Result {
  std::string message;
  Outcome outcome = Outcome::more;
  std::string rest;
  bool operator==(const Result&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Result& result) {
  return out << testing::PrintToString(result.message) << " outcome " << static_cast<int>(result.outcome)
             << " rest " << testing::PrintToString(result.rest);
}

/// Decodes `in` given in pieces that end at `cuts`.
Result decode(const std::string& in, const std::vector<std::size_t>& cuts) {
  Result result;
  DataDecoder decoder;
  std::size_t from = 0;
  for (const std::size_t to : cuts) {
    std::string_view piece = std::string_view(in).substr(from, to - from);
    result.outcome = decoder.decode(piece, [&](std::string_view run) { result.message.append(run); });
    from = to;
    if (result.outcome == Outcome::more) {
      EXPECT_TRUE(piece.empty());
      continue;
    }
    result.rest = in.substr(to - piece.size());
    break;
  }
  return result;
}

struct Row {
  std::string in;
  Result expected;
};

const std::vector<Row>& rows() {
  using namespace std::string_literals;
  static const std::vector<Row> table{
      {".\r\nQUIT\r\n", {"", Outcome::done, "QUIT\r\n"}},
      {"a\r\n.\r\n", {"a\n", Outcome::done, ""}},
      {"\r\n\r\n.\r\n", {"\n\n", Outcome::done, ""}},
      {"..\r\n.a\r\n...\r\n.\r\n", {".\na\n..\n", Outcome::done, ""}},
      {"a\r\nb", {"a\nb", Outcome::more, ""}},
      {"a\0b\r\n.\r\n"s, {"a\0b\n"s, Outcome::done, ""}},
      // Only CR LF ends a line.
      {"a\rb\r\n.\r\n", {"a\rb\n", Outcome::done, ""}},
      {"a\r\r\n.\r\n", {"a\r\n", Outcome::done, ""}},
      {"\r.\r\n.\r\n", {"\r.\n", Outcome::done, ""}},
      {"a\r\n\r.\r\n.\r\n", {"a\n\r.\n", Outcome::done, ""}},
      {".\rx\r\n.\r\n", {".\rx\n", Outcome::done, ""}},
      {".\r\r\n.\r\n", {".\r\n", Outcome::done, ""}},
      // A newline without CR could hide a second message from one of two servers.
      {"a\n", {"a", Outcome::stray_newline, ""}},
      {"\n", {"", Outcome::stray_newline, ""}},
      {"a\r\n.\nMAIL", {"a\n", Outcome::stray_newline, ""}},
      {"a\r\n.\n.\r\n", {"a\n", Outcome::stray_newline, ""}},
      {"a\n.\r\nMAIL", {"a", Outcome::stray_newline, ""}},
      {"a\n.\nMAIL", {"a", Outcome::stray_newline, ""}},
      {"a\r\n\n", {"a\n", Outcome::stray_newline, ""}},
      {"..\n", {".", Outcome::stray_newline, ""}},
  };
  return table;
}

/// What follows a stray newline, and how much before it came out, does not matter: the session is over.
Result essential(Result result) {
  if (result.outcome == Outcome::stray_newline) result.message = result.rest = "";
  return result;
}

TEST(DataDecoder, TakesTheMessageOutOfTheText) {
  for (const auto& [in, expected] : rows())
    EXPECT_EQ(essential(decode(in, {in.size()})), essential(expected)) << testing::PrintToString(in);
}

TEST(DataDecoder, DoesNotCareWhereTheStreamIsCut) {
  for (const auto& [in, expected] : rows()) {
    std::vector<std::size_t> every;
    for (std::size_t cut = 1; cut <= in.size(); ++cut) {
      every.push_back(cut);
      EXPECT_EQ(essential(decode(in, {cut, in.size()})), essential(expected))
          << testing::PrintToString(in) << " cut at " << cut;
    }
    EXPECT_EQ(essential(decode(in, every)), essential(expected)) << testing::PrintToString(in);
  }
}

bool loops(const std::string& line, int times, std::size_t piece = 1000) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line + "\r\n";
  HopCounter hops;
  for (std::size_t at = 0; at < text.size(); at += piece) hops.see(std::string_view(text).substr(at, piece));
  return hops.is_looping();
}

TEST(HopCounter, AHundredIsTooMany) {
  EXPECT_FALSE(loops("Received: from x", 99));
  EXPECT_TRUE(loops("Received: from x", 100));
  EXPECT_TRUE(loops("Delivered-To: x", 100, 1));
}

TEST(HopCounter, TheFirstLettersOfALineCountInAnyCaseAndWithoutColon) {
  for (const char* line : {"received", "RECEIVEDX", "ReCeIvEd: x", "delivered", "Delivered-To: y"})
    for (const std::size_t piece : {1U, 3U, 1000U}) EXPECT_TRUE(loops(line, 100, piece)) << line;
  for (const char* line :
       {"receive", "xReceived:", " Received:", ".Received:", "deliver", "Subject: Received:"})
    EXPECT_FALSE(loops(line, 300)) << line;
}

TEST(HopCounter, TheBodyDoesNotCount) { EXPECT_FALSE(loops("Subject: x\r\n\r\nReceived: x", 200)); }

}  // namespace
}  // namespace qmail::smtpd
