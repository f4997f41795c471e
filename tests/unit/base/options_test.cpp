#include "core/base/options.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

/// What Options makes of `args`: each letter with its value, then the rest.
std::string read(const std::vector<std::string>& args, std::string_view letters,
                 std::span<const NamedOption> names = {}) {
  Options options(args, letters, names);
  std::string seen;
  while (const auto letter = options.next())
    seen += *letter + (*letter == '?' ? options.problem() : options.value()) + "|";
  for (const std::string& argument : options.rest()) seen += " " + argument;
  return seen;
}

TEST(Options, EndAtTheFirstOtherArgument) {
  EXPECT_EQ(read({"-n", "joe", "-h"}, "nh"), "n| joe -h");
  EXPECT_EQ(read({"-n", "-", "-h"}, "nh"), "n| - -h");
  EXPECT_EQ(read({"-n", "--", "-h"}, "nh"), "n| -h");
  EXPECT_EQ(read({"--help"}, "nh"), "");
  EXPECT_EQ(read({}, "nh"), "");
}

TEST(Options, TakeTheirValueFromTheSameOrTheNextArgument) {
  EXPECT_EQ(read({"-nfjoe", "x"}, "nf:"), "n|fjoe| x");
  EXPECT_EQ(read({"-nf", "joe", "x"}, "nf:"), "n|fjoe| x");
  EXPECT_EQ(read({"-f", "", "x"}, "nf:"), "f| x");
  EXPECT_EQ(read({"-f", "--", "-n"}, "nf:"), "f--|n|");
}

TEST(Options, SayWhatIsWrong) {
  EXPECT_EQ(read({"-xn"}, "nf:"), "?illegal option -- x|n|");
  EXPECT_EQ(read({"-:"}, "nf:"), "?illegal option -- :|");
  EXPECT_EQ(read({"-nf"}, "nf:"), "n|?option requires an argument -- f|");
}

TEST(Options, SomeHaveNames) {
  const std::vector<NamedOption> names{{"quick", 'q', false}, {"limit", 'l', true}};
  EXPECT_EQ(read({"--quick", "-n", "--limit", "3", "--limit=4", "--limit=", "x", "--quick"}, "n", names),
            "q|n|l3|l4|l| x --quick");
  EXPECT_EQ(read({"--quick", "--", "--quick"}, "n", names), "q| --quick");
  EXPECT_EQ(
      read({"--quic", "--quick=1", "--limit"}, "n", names),
      "?illegal option -- quic|?option takes no argument -- quick|?option requires an argument -- limit|");
}

TEST(Options, CanPassOverTheRestOfAnArgument) {
  const std::vector<std::string> args{"-Jisland", "-t"};
  Options options(args, "Jt");
  EXPECT_EQ(options.next(), 'J');
  options.skip_argument();
  EXPECT_EQ(options.next(), 't');
  EXPECT_EQ(options.next(), std::nullopt);
}

}  // namespace
}  // namespace qmail
