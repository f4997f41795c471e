#include "core/programs/newaliases/alias_entry.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/programs/newinclude/new_include.h"

namespace qmail {
namespace {

using namespace std::string_literals;

const DefaultHosts& hosts() {
  static const DefaultHosts set{
      .host = "here.example", .domain = "domain.example", .plus_domain = "plus.example"};
  return set;
}

std::string commands(std::string_view text) { return parse_alias_entry(text, 7, hosts())->commands; }

TEST(AliasEntry, TurnsRecipientsIntoCommands) {
  const auto entry = parse_alias_entry("Root: ann, bob@h,\n joe@x+\n", 1, hosts());
  EXPECT_EQ(entry->target, "Root@");
  EXPECT_EQ(entry->full_target, "Root@here.example");
  EXPECT_EQ(entry->commands, "&joe@x.plus.example\0&bob@h.domain.example\0&ann@here.example\0"s);
  EXPECT_EQ(commands("a: \"|run x\""), "!run x\0"s);
  EXPECT_EQ(commands("a: :include:/l, :include:l"), "./l.bin\0/l.bin\0"s);
}

TEST(AliasEntry, IsNothingForACommentOrABlankLine) {
  EXPECT_FALSE(parse_alias_entry("# a: b\n c", 1, hosts()));
  EXPECT_FALSE(parse_alias_entry(" \n", 1, hosts()));
  EXPECT_FALSE(parse_alias_entry("", 1, hosts()));
}

TEST(AliasEntry, NamesTheLineOfWhatItRefuses) {
  for (const std::string& text : {"a: /file"s, "a: \"\""s, "a:"s, ":include:/l"s, "a: (b"s, "a: :include:"s,
                                  "a: b\0c"s, "a: \"|x\0\""s, "a: " + std::string(800, 'x')}) {
    try {
      parse_alias_entry(text, 7, hosts());
      ADD_FAILURE() << text;
    } catch (const Failure& failure) {
      EXPECT_TRUE(std::string_view(failure.what()).ends_with(": line 7")) << failure.what();
    }
  }
}

TEST(IncludeLine, TurnsAddressesIntoCommands) {
  EXPECT_EQ(include_line("ann, :include:/l, <bob@h>", hosts()),
            "&bob@h.domain.example\0/l\0&ann@here.example\0"s);
  EXPECT_EQ(include_line("# ann", hosts()), "");
  EXPECT_EQ(include_line("<>", hosts()), "");
}

TEST(IncludeLine, RefusesWhatAListMayNotDo) {
  for (const std::string& text :
       {"/file"s, "\"|run\""s, ":include:"s, "(a"s, "a\0b"s, "\"a\nb\""s, std::string(801, 'x')})
    EXPECT_THROW(include_line(text, hosts()), Failure) << text;
}

}  // namespace
}  // namespace qmail
