#include "core/users/together.h"

#include <gtest/gtest.h>

#include "core/users/user_answer.h"

namespace qmail::users {
namespace {

using namespace std::string_view_literals;

TEST(Together, TellsOutcomesAndReadsThemBack) {
  const std::string bytes =
      outcome_bytes({{.exit_code = 0, .output = "did 1+0+0\n"}, {}, {.exit_code = 111}});
  EXPECT_EQ(bytes, "\0did 1+0+0\n\0\xff\0\x6f\0"sv);
  const auto outcomes = parse_outcomes(bytes, 3);
  ASSERT_TRUE(outcomes);
  EXPECT_EQ((*outcomes)[0].exit_code, 0);
  EXPECT_EQ((*outcomes)[0].output, "did 1+0+0\n");
  EXPECT_EQ((*outcomes)[1].exit_code, std::nullopt);
  EXPECT_EQ((*outcomes)[2].exit_code, 111);
}

TEST(Together, RefusesOutcomesThatAreNotAsManyOrCutShort) {
  const std::string bytes = outcome_bytes({{.exit_code = 0, .output = "x"}, {.exit_code = 0, .output = "y"}});
  EXPECT_FALSE(parse_outcomes(bytes, 1));
  EXPECT_FALSE(parse_outcomes(bytes, 3));
  EXPECT_FALSE(parse_outcomes(std::string_view(bytes).substr(0, bytes.size() - 1), 2));
  EXPECT_FALSE(parse_outcomes("", 1));
  EXPECT_TRUE(parse_outcomes("", 0));
}

TEST(UserAnswer, IsTheExitCodeAndTheFields) {
  const std::string bytes = answer_bytes({.exit_code = 116, .fields = "a\0"sv});
  EXPECT_EQ(bytes,
            "\x74"
            "a\0"sv);
  const auto answer = parse_user_answer(bytes);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->exit_code, 116);
  EXPECT_EQ(answer->fields, "a\0"sv);
  EXPECT_FALSE(parse_user_answer(""));
}

}  // namespace
}  // namespace qmail::users
