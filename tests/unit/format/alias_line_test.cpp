#include "core/format/alias_line.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

using Items = std::vector<AliasItem>;

AliasItem address(const std::string& text, bool has_at = false) {
  return {AliasItem::Kind::address, text, has_at};
}
AliasItem include(const std::string& text) { return {AliasItem::Kind::include, text, false}; }

TEST(AliasLine, GivesAddressesFromTheLastToTheFirst) {
  EXPECT_EQ(parse_alias_line("root: ann, bob@x.example (Bob)\n"),
            (Items{address("bob@x.example", true), address("ann"), address("root")}));
  EXPECT_EQ(parse_alias_line("ann bob"), (Items{address("bob"), address("ann")}));
  EXPECT_EQ(parse_alias_line("Joe Shmoe <joe@x>, k"), (Items{address("k"), address("joe@x", true)}));
  EXPECT_EQ(parse_alias_line(""), Items{});
  EXPECT_EQ(parse_alias_line("# ;,: (only marks) ,"), Items{address("#")});
}

TEST(AliasLine, TakesQuotesOffAndKnowsAnAtInThem) {
  EXPECT_EQ(parse_alias_line("\"|run a@b, c\""), Items{address("|run a@b, c")});
  EXPECT_EQ(parse_alias_line("\"a b\"@x"), Items{address("a b@x", true)});
  EXPECT_EQ(parse_alias_line("\\joe"), Items{address("joe")});
  EXPECT_EQ(parse_alias_line("\"\""), Items{address("")});
}

TEST(AliasLine, FindsIncludedFiles) {
  EXPECT_EQ(parse_alias_line("l: :include:/etc/a.b"), (Items{include("/etc/a.b"), address("l")}));
  EXPECT_EQ(parse_alias_line(": include : \"a b\""), Items{include("a b")});
  EXPECT_EQ(parse_alias_line(":include:"), Items{include("")});
  EXPECT_EQ(parse_alias_line("include:a"), (Items{address("a"), address("include")}));
  EXPECT_EQ(parse_alias_line(":Include:a"), (Items{address("a"), address("Include")}));
}

TEST(AliasLine, RefusesWhatIsNotClosed) {
  for (const char* line : {"a>", "(a", "\"a", ")", "[a", ">"})
    EXPECT_EQ(parse_alias_line(line), std::nullopt) << line;
}

}  // namespace
}  // namespace qmail
