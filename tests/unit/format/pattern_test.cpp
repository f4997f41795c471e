#include "core/format/pattern.h"

#include <gtest/gtest.h>
#include <optional>
#include <random>
#include <regex.h>

#include "core/format/pattern_list.h"

namespace qmail {
namespace {

/// None: the expression is refused.
std::optional<bool> match(std::string_view expression, std::string_view text) {
  const auto parsed = Pattern::parse(expression);
  const auto* pattern = std::get_if<Pattern>(&parsed);
  return pattern ? std::optional(pattern->matches(text)) : std::nullopt;
}

std::string problem_of(std::string_view expression) {
  const auto parsed = Pattern::parse(expression);
  const auto* problem = std::get_if<Pattern::Problem>(&parsed);
  return problem ? std::string(*problem) : "none";
}

/// What the system's library says.
std::optional<bool> expected(const std::string& expression, const std::string& text) {
  regex_t compiled;
  if (::regcomp(&compiled, expression.c_str(), REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0)
    return std::nullopt;
  const bool found = ::regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&compiled);
  return found;
}

TEST(Pattern, MatchesAnywhereAndInEitherCase) {
  const struct {
    const char* expression;
    const char* text;
    bool matches;
  } rows[] = {
      {"spam", "joe@SPAM.example", true},
      {"Spam", "joe@spam.example", true},
      {"^spam", "joe@spam.example", false},
      {"^joe", "joe@spam.example", true},
      {"example$", "joe@spam.example", true},
      {"spam$", "joe@spam.example", false},
      {"^$", "", true},
      {"^$", "x", false},
      {"@.*@", "a@b@c", true},
      {"@.*@", "a@b", false},
      {"\\.", "localhost", false},
      {"\\.", "a.b", true},
      {"[%!@].*@", "a%b@c", true},
      {"[!%#:\\*\\^]", "a\\b@c", true},
      {"[^a-z]", "ABC", false},
      {"[^a-z]", "AB1", true},
      {"[]x]", "]", true},
      {"[^]x]", "]x", false},
      {"[a-]", "-", true},
      {"[[:digit:]]{3}", "ab123", true},
      {"[[:digit:]]{4}", "ab123", false},
      {"^[[:upper:]]+$", "abc", true},
      {"^(ab|cd)+$", "abcdab", true},
      {"^(ab|cd)+$", "abcda", false},
      {"^a{2,3}$", "aa", true},
      {"^a{2,3}$", "aaaa", false},
      {"^a{2,}$", "aaaaaa", true},
      {"^a{,2}$", "aaa", false},
      {"^(a?){3}b$", "aab", true},
      {"(a*)*b", "aaab", true},
      {"()", "", true},
      {"a|", "xyz", true},
      {"x^y", "xy", false},
      {"a.c", "a\nc", true},
      {"\xe9", "caf\xe9", true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(match(row.expression, row.text), row.matches) << row.expression << " on " << row.text;
    EXPECT_EQ(expected(row.expression, row.text), row.matches) << row.expression << " on " << row.text;
  }
}

TEST(Pattern, SaysWhatIsWrong) {
  const std::pair<std::string, const char*> rows[] = {
      {"(a", "a ( without its )"},
      {"a)", "a ) without its ("},
      {"[a", "a [ without its ]"},
      {"[", "a [ without its ]"},
      {"[^", "a [ without its ]"},
      {"[a-", "a [ without its ]"},
      {"[[:alpha:", "a [: without its :]"},
      {"[[:nothing:]]", "a [: :] that is not known"},
      {"[z-a]", "a range that ends before it begins"},
      {"[[.a.]]", "a [. .] or [= =]"},
      {"*a", "nothing in front of a *, +, ? or {"},
      {"a|*", "nothing in front of a *, +, ? or {"},
      {"^*", "nothing in front of a *, +, ? or {"},
      {"a{1", "a { without its }"},
      {"a{x}", "a { without its number"},
      {"a{2,1}", "a {} that ends before it begins"},
      {"a{256}", "a {} of more than 255"},
      {"a{99999999999999999999}", "a { without its number"},
      {"a\\", "a \\ at the end"},
      {"(a)\\1", "a \\ in front of a letter, a digit, <, >, ` or '"},
      {"\\bfoo", "a \\ in front of a letter, a digit, <, >, ` or '"},
      {std::string(2001, 'a'), "more than 2000 characters"},
      {std::string(60, '(') + std::string(60, ')'), "too many ( in one another"},
      {"a" + std::string(60, '*'), "too many * in a row"},
      {"(((a{255}){255}){255}){255}", "so many repetitions that it grows too large"},
      {"(((a?){0,255}){0,255}){0,255}", "so many repetitions that it grows too large"},
  };
  for (const auto& [expression, problem] : rows) EXPECT_EQ(problem_of(expression), problem) << expression;
}

TEST(Pattern, ExpressionsThatMakeOthersTryEveryWayTakeNoLonger) {
  const std::string text(10000, 'a');
  EXPECT_EQ(match("(a|a)*(a|aa)*(a*)*b", text), false);
  EXPECT_EQ(match("(a?){50}a{50}$", text), true);
  EXPECT_EQ(match("((a+)+)+$", text + "b"), false);
  EXPECT_EQ(match("((((){255}){255}){255}){255}a", text), true);
}

/// A random expression, mostly a right one, of few letters, so that something matches.
class Maker {
 public:
  static constexpr int deepest = 3;
  explicit Maker(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string text() {
    std::string made;
    for (std::size_t i = below(9); i > 0; --i) made += "abAB.@1"[below(7)];
    return made;
  }
  std::string expression(int depth = deepest) {
    std::string made;
    for (std::size_t i = below(4); i > 0; --i) made += part(depth);
    if (depth > 0 && below(4) == 0) made += "|" + expression(depth - 1);
    return made;
  }

 private:
  std::string part(int depth) {
    static const char* const atoms[] = {"a",           "b",           "B",      "\\.",  ".",
                                        "[ab]",        "[^ab]",       "[a-c1]", "[.@]", "[^1.]",
                                        "[[:alpha:]]", "[[:punct:]]", "@",      "1"};
    static const char* const repeats[] = {"*", "+", "?", "{2}", "{1,2}", "{0,2}", "{1,}", "{,2}"};
    switch (below(12)) {
      // Not in groups: where those are repeated, glibc takes ^ to match in the middle.
      case 0: return depth == deepest ? "^" : "a";
      case 1: return depth == deepest ? "$" : "b";
      case 2: return depth > 0 ? "(" + expression(depth - 1) + ")" : "a";
      case 3: return std::string(1, "*+?{}()[]|\\"[below(11)]);
      default: break;
    }
    std::string made = depth > 0 && below(4) == 0 ? "(" + expression(depth - 1) + ")" : atoms[below(14)];
    if (below(3) == 0) made += repeats[below(8)];
    return made;
  }

  std::mt19937 random_;
};

TEST(Pattern, AgreesWithTheSystemsLibraryOnRandomExpressions) {
  Maker make(20040601);
  std::size_t compared = 0, refused = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string expression = make.expression();
    const auto parsed = Pattern::parse(expression);
    const auto* pattern = std::get_if<Pattern>(&parsed);
    for (int j = 0; j < 5; ++j) {
      const std::string text = make.text();
      const auto theirs = expected(expression, text);
      if (!pattern || !theirs) {
        ++refused;
        continue;
      }
      ++compared;
      ASSERT_EQ(pattern->matches(text), *theirs) << expression << " on " << text;
    }
  }
  EXPECT_GT(compared, 50000U);
  EXPECT_GT(refused, 1000U);
}

TEST(PatternList, FindsTheFirstThatWouldMatchAlone) {
  Maker make(20040725);
  for (int round = 0; round < 300; ++round) {
    std::vector<Pattern> patterns;
    while (patterns.size() < 20) {
      auto parsed = Pattern::parse(make.expression() + (make.below(2) == 0 ? "ab1" : ""));
      if (auto* pattern = std::get_if<Pattern>(&parsed)) patterns.push_back(std::move(*pattern));
    }
    const PatternList list(patterns);
    for (int j = 0; j < 20; ++j) {
      const std::string text = make.text() + make.text();
      std::optional<std::size_t> first;
      for (std::size_t i = 0; i < patterns.size() && !first; ++i)
        if (patterns[i].matches(text)) first = i;
      ASSERT_EQ(list.find(text), first) << text;
    }
  }
  EXPECT_FALSE(PatternList().find("anything"));
}

}  // namespace
}  // namespace qmail
