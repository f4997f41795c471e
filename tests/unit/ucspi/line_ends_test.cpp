#include "core/format/line_ends.h"

#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

using namespace std::string_literals;

/// `text` in every division into two pieces, and in single bytes.
std::vector<std::vector<std::string>> divisions(const std::string& text) {
  std::vector<std::vector<std::string>> all;
  for (std::size_t at = 0; at <= text.size(); ++at) all.push_back({text.substr(0, at), text.substr(at)});
  all.emplace_back();
  for (const char c : text) all.back().emplace_back(1, c);
  return all;
}

TEST(LineEnds, AddCrPutsOneBeforeEveryNewline) {
  EXPECT_EQ(add_cr(""), "");
  EXPECT_EQ(add_cr("a\nb"), "a\r\nb");
  EXPECT_EQ(add_cr("\r\n\n\0\n"s), "\r\r\n\r\n\0\r\n"s);
}

TEST(LineEnds, CrFixerPutsOneWhereItIsMissing) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", ""},
      {"a\nb", "a\r\nb"},
      {"a\r\nb\r\n", "a\r\nb\r\n"},
      {"\r\r\n", "\r\r\n"},
      {"\r", "\r"},
      {"\n\n", "\r\n\r\n"},
      {"\rx\n", "\rx\r\n"},
      {"\0\n"s, "\0\r\n"s},
      {"\r\0\n"s, "\r\0\r\n"s},
  };
  for (const auto& [in, out] : rows)
    for (const auto& pieces : divisions(in)) {
      CrFixer fixer;
      std::string written;
      for (const std::string& piece : pieces) written += fixer.fix(piece);
      EXPECT_EQ(written, out);
    }
}

TEST(LineEnds, CrRemoverTakesOneBeforeEveryNewline) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", ""},     {"a\r\nb\n", "a\nb\n"}, {"\r\r\n", "\r\n"}, {"a\rb", "a\rb"},
      {"\r", "\r"}, {"a\r\r", "a\r\r"},     {"\n\r\n", "\n\n"}, {"\r\0\n"s, "\r\0\n"s},
  };
  for (const auto& [in, out] : rows)
    for (const auto& pieces : divisions(in)) {
      CrRemover remover;
      std::string written;
      for (const std::string& piece : pieces) written += remover.remove(piece);
      EXPECT_EQ(written + remover.rest(), out);
    }
}

}  // namespace
}  // namespace qmail::ucspi
