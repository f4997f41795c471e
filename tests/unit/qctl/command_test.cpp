#include "core/programs/qmail-qctl/command.h"

#include <gtest/gtest.h>

#include "core/base/program.h"

namespace qmail::qctl {
namespace {

using Args = std::vector<std::string>;

std::string problem_of(const Args& args) {
  try {
    parse_command(args);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "none";
}

TEST(QctlCommand, UnderstandsOptionsAndNumbers) {
  const Command command = parse_command(
      {"list", "--json", "--older=1d", "--domain", "a.example", "--domain", "b.example", "457", "#458"});
  EXPECT_EQ(command.verb, "list");
  EXPECT_TRUE(command.json);
  EXPECT_EQ(command.selection.older_seconds, 86400);
  EXPECT_EQ(command.selection.domains, (Args{"a.example", "b.example"}));
  EXPECT_EQ(command.selection.numbers, (std::vector<queue::Number>{457, 458}));
  EXPECT_TRUE(parse_command({"stats"}).selection.is_open());
  EXPECT_TRUE(parse_command({"show", "--all", "--raw"}).raw);
}

TEST(QctlCommand, SaysWhatIsWrong) {
  EXPECT_EQ(problem_of({}), "");
  EXPECT_EQ(problem_of({"lst"}), "no such command: lst");
  EXPECT_EQ(problem_of({"list", "--sander", "x"}), "illegal option -- sander");
  EXPECT_EQ(problem_of({"list", "--sender"}), "option requires an argument -- sender");
  EXPECT_EQ(problem_of({"list", "--raw"}), "list has no such option");
  EXPECT_EQ(problem_of({"settle", "--all"}), "settle has no such option");
  EXPECT_EQ(problem_of({"settle", "457"}), "settle is about all messages");
  EXPECT_EQ(problem_of({"list", "0457"}), "not a message number: 0457");
  EXPECT_EQ(problem_of({"list", "457", "--json"}), "not a message number: --json");
  EXPECT_EQ(problem_of({"list", "--older", "2y"}), "not a time: 2y");
  EXPECT_EQ(problem_of({"list", "--larger", "-1"}), "not a size: -1");
  EXPECT_EQ(problem_of({"list", "--sender", "/(/"}), "not a pattern: /(/");
  EXPECT_EQ(problem_of({"list", "--channel", "uucp"}), "not a channel (local, remote): uucp");
  EXPECT_EQ(problem_of({"show"}), "which messages? --all stands for all");
  EXPECT_EQ(problem_of({"show", "--all", "457"}), "--all does not go with anything that selects");
}

}  // namespace
}  // namespace qmail::qctl
