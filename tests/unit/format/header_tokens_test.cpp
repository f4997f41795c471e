#include "core/format/header_tokens.h"

#include <gtest/gtest.h>

namespace qmail::header {
namespace {

/// Reads `text` and prints it again; "bad" if it cannot be read.
std::string reprinted(std::string_view text) {
  const auto tokens = parse_tokens(text);
  return tokens ? print_tokens(*tokens) : "bad";
}

std::string in_envelope(std::string_view text) {
  const auto tokens = parse_tokens(text);
  return tokens ? envelope_address(*tokens) : "bad";
}

TEST(HeaderTokens, AreToldApart) {
  const Tokens expected{{Kind::atom, "To"},
                        {Kind::colon},
                        {Kind::quoted, "J \"D\""},
                        {Kind::left},
                        {Kind::atom, "joe"},
                        {Kind::at},
                        {Kind::literal, "::1"},
                        {Kind::right},
                        {Kind::semicolon},
                        {Kind::comment, "a b c"},
                        {Kind::comma},
                        {Kind::dot}};
  EXPECT_EQ(parse_tokens("To: \"J \\\"D\\\"\"<joe@[::1]>;\r\n (a (b) c),."), expected);
}

struct TokenCase {
  std::string_view text;
  std::string_view expected;
};

TEST(HeaderTokens, ArePrintedTheWayQmailSpacesThem) {
  for (const auto& [text, expected] : {TokenCase{"", "\n"},
                                       {"To:joe", "To: joe\n"},
                                       {"To :  joe", "To: joe\n"},
                                       {"a . b @ c", "a.b@c\n"},
                                       {"Joe Q. Public<x>", "Joe Q.Public <x>\n"},
                                       {"a,b , c", "a, b, c\n"},
                                       {"(a(b)c)", "(abc)\n"},
                                       {"a\\ b", "a b\n"},
                                       {"a\\\"b", "a\\\"b\n"},
                                       {"a)b", "\"a\\)b\"\n"},
                                       {"caf\xc3\xa9", "\"caf\xc3\xa9\"\n"},
                                       {"\"a\rb\"", "\"a\\\rb\"\n"},
                                       {"a\"b\"c", "a \"b\" c\n"},
                                       {"joe\\", "joe\n"}})
    EXPECT_EQ(reprinted(text), expected) << text;
}

TEST(HeaderTokens, AreRefusedWithUnbalancedMarks) {
  for (const std::string_view text : {"(", "((a)", "(a\\", "\"", "\"a\\", "[a", "[a\\", ")", "]", "a )"})
    EXPECT_EQ(reprinted(text), "bad") << text;
}

TEST(HeaderTokens, SurviveCommentsNestedWithoutEnd) {
  const std::string deep(200000, '(');
  EXPECT_EQ(reprinted(deep), "bad");
  EXPECT_EQ(reprinted(deep + std::string(200000, ')')), "()\n");
}

TEST(HeaderTokens, LoseQuotesAndCommentsInAnEnvelope) {
  for (const auto& [text, expected] : {TokenCase{"joe@example.com (Joe)", "joe@example.com"},
                                       {"\"a b\"@h", "a b@h"},
                                       {"joe@[127.0.0.1]", "joe@[127.0.0.1]"},
                                       {"<@a,@b:joe@c>", "<@a,@b:joe@c>"}})
    EXPECT_EQ(in_envelope(text), expected) << text;
}

TEST(HeaderTokens, FoldOnlyBehindCommasAndOnlyLongLines) {
  const std::string name(35, 'n');
  EXPECT_EQ(reprinted("To: " + name + ", " + name + ", c"), "To: " + name + ", " + name + ",\n  c\n");
  EXPECT_EQ(reprinted("To: a,\n b,\n c"), "To: a, b, c\n");
  const std::string longer(100, 'n');
  EXPECT_EQ(reprinted("To: " + longer + "," + longer), "To: " + longer + ",\n  " + longer + "\n");
}

}  // namespace
}  // namespace qmail::header
