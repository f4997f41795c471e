#include "core/accounts/verdict.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace qmail::accounts {
namespace {

using namespace std::string_view_literals;
using Verdict = AuthAnswer::Verdict;

constexpr std::string_view report =
    "1000\0"
    "100\0/home/joe\0PATH=/bin\0USER=joe\0"sv;

Finding after_exit(int code, std::string_view told = "") {
  return judge(W_EXITCODE(code, 0), told, {{"PATH", "/bin"}});
}

TEST(Verdict, IsYesOnlyForWhoSaysWhomItHasBecome) {
  const Finding found = after_exit(0, report);
  ASSERT_EQ(found.answer.verdict, Verdict::yes);
  EXPECT_EQ(found.answer.user->identity, (Identity{1000, 100}));
  EXPECT_EQ(found.answer.user->directory, "/home/joe");
  EXPECT_EQ(found.answer.user->environment.entries(), std::vector<std::string>{"USER=joe"});
  EXPECT_TRUE(found.trouble.empty());
}

TEST(Verdict, TellsAVariableThatTheCheckerHasChanged) {
  const Finding found = judge(0, report, {{"PATH", "/usr/bin"}});
  EXPECT_EQ(found.answer.user->environment.get("PATH"), "/bin");
}

TEST(Verdict, IsNoOnlyForExitCodeOne) {
  EXPECT_EQ(after_exit(1).answer.verdict, Verdict::no);
  EXPECT_EQ(after_exit(1, report).answer.verdict, Verdict::no);
  for (const int code : {2, 100, 111, 255}) {
    const Finding found = after_exit(code, report);
    EXPECT_EQ(found.answer.verdict, Verdict::later) << code;
    EXPECT_EQ(found.trouble, "ended with exit code " + std::to_string(code));
  }
}

TEST(Verdict, IsLaterForAProgramThatCrashes) {
  const Finding found = judge(W_EXITCODE(0, SIGSEGV), report, {});
  EXPECT_EQ(found.answer.verdict, Verdict::later);
  EXPECT_EQ(found.trouble, "was ended by signal 11");
}

TEST(Verdict, IsLaterForAYesWithoutAUser) {
  for (const std::string_view told :
       {""sv, "yes\n"sv, "x\0100\0/home/joe\0"sv, report.substr(0, report.size() - 1)}) {
    const Finding found = after_exit(0, told);
    EXPECT_EQ(found.answer.verdict, Verdict::later);
    EXPECT_EQ(found.trouble, "ended with exit code 0, but has not run the program in its arguments");
  }
}

TEST(Verdict, OfASaltIsOneOnlyIfItWasTold) {
  const Finding found = judge_salt(0, "4096,AAAA");
  ASSERT_EQ(found.answer.verdict, Verdict::salt);
  EXPECT_EQ(found.answer.salting, (Salting{std::string(3, '\0'), 4096}));
  EXPECT_EQ(judge_salt(W_EXITCODE(1, 0), "").answer.verdict, Verdict::no);
  EXPECT_EQ(judge_salt(W_EXITCODE(111, 0), "4096,AAAA").trouble, "ended with exit code 111");
  EXPECT_EQ(judge_salt(0, report).trouble, "ended with exit code 0, but has told no salt");
}

}  // namespace
}  // namespace qmail::accounts
