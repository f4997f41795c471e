#include "core/programs/multilog/script.h"

#include <gtest/gtest.h>

namespace qmail::multilog {
namespace {

struct Try {
  std::string_view pattern, line;
  bool matches;
};

TEST(Pattern, StandsForTheWholeLine) {
  const std::string nul("a\0b", 3);
  for (const Try& is :
       std::initializer_list<Try>{{"", "", true},
                                  {"", "a", false},
                                  {"hello", "hello", true},
                                  {"hello", "hello world", false},
                                  {"hello", "hell", false},
                                  {"*", "", true},
                                  {"*", "anything at all", true},
                                  {"a*", "a", true},
                                  {"a*", "ba", false},
                                  {"*b", "b", true},
                                  {"*b", "aab", true},
                                  {"*b", "aabb", false},  // the star does not go beyond the first b
                                  {"*bc", "abbc", false},
                                  {"named[*]: *", "named[135]: Cleaned", true},
                                  {"named[*]: *", "named[1]]: Cleaned", false},
                                  {"*:*:", "a:b:", true},
                                  {"*:*:", "a:b:c:", false},
                                  {"**", "a*b", true},  // up to a star, and then the rest
                                  {"**", "ab", false},
                                  {"a\\*", "a\\x", true},
                                  {"*b", nul, true}})
    EXPECT_EQ(matches(is.pattern, is.line), is.matches) << is.pattern << " on " << is.line;
}

LogSettings only_log(const std::vector<std::string>& args) {
  const Script script = parse_script(args);
  EXPECT_EQ(script.actions.size(), 1U);
  return script.actions.front().log;
}

TEST(Script, SettingsAreForTheLogsBehindThem) {
  const Script script = parse_script({"./first", "s5000", "n3", "!cat", "/second", "n4", "./third"});
  ASSERT_EQ(script.actions.size(), 3U);
  const auto& logs = script.actions;
  EXPECT_EQ(logs[0].log.directory, "./first");
  EXPECT_EQ(logs[0].log.most_bytes, 99999U);
  EXPECT_EQ(logs[0].log.files, 10U);
  EXPECT_EQ(logs[0].log.processor, "");
  EXPECT_EQ(logs[1].log.directory, "/second");
  EXPECT_EQ(logs[1].log.most_bytes, 5000U);
  EXPECT_EQ(logs[1].log.files, 3U);
  EXPECT_EQ(logs[1].log.processor, "cat");
  EXPECT_EQ(logs[2].log.files, 4U);
  EXPECT_EQ(logs[2].log.processor, "cat");
}

TEST(Script, SizesAndNumbersHaveTheirLimits) {
  for (const auto& [action, size] :
       std::initializer_list<std::pair<const char*, std::size_t>>{{"s", 4096},
                                                                  {"s0", 4096},
                                                                  {"sx", 4096},
                                                                  {"s4097", 4097},
                                                                  {"s5000k", 5000},
                                                                  {"s16777215", 16777215},
                                                                  {"s16777216", 16777215},
                                                                  {"s99999999999999999999999", 16777215}})
    EXPECT_EQ(only_log({action, "./log"}).most_bytes, size) << action;
  for (const auto& [action, files] : std::initializer_list<std::pair<const char*, std::size_t>>{
           {"n", 2}, {"n1", 2}, {"n2", 2}, {"n77", 77}, {"nx", 2}})
    EXPECT_EQ(only_log({action, "./log"}).files, files) << action;
}

TEST(Script, TheTimeIsTheFirstActionOrNone) {
  EXPECT_TRUE(parse_script({"t", "./log"}).is_stamped);
  EXPECT_FALSE(parse_script({"./log", "t"}).is_stamped);
  EXPECT_EQ(parse_script({"./log", "t"}).unknown, std::vector<std::string>{"t"});
}

TEST(Script, KeepsTheOrderOfItsActions) {
  using Kind = Action::Kind;
  const Script script = parse_script({"-*", "+a", "e", "=file", "./log", "", "?"});
  std::vector<Kind> kinds;
  for (const Action& action : script.actions) kinds.push_back(action.kind);
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::deselect, Kind::select, Kind::alert, Kind::status, Kind::log}));
  EXPECT_EQ(script.actions[3].text, "file");
  EXPECT_EQ(script.unknown, (std::vector<std::string>{"", "?"}));
}

}  // namespace
}  // namespace qmail::multilog
