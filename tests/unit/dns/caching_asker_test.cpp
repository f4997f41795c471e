#include "core/dns/caching_asker.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/scripted_asker.h"

namespace qmail::dns {
namespace {

using test::ScriptedAsker;
using Strings = std::vector<std::string>;

class CachingAskerTest : public testing::Test {
 protected:
  /// The texts of `names`, in the order they came.
  Strings ask(const Strings& names, std::size_t enough = 1000) {
    std::vector<Question> questions;
    for (const std::string& name : names) questions.push_back({name, Type::txt});
    Strings answers;
    cache_.ask(questions, [&](std::size_t which, const Lookup& lookup) {
      answers.push_back(names[which] + ": " + (lookup.records.empty() ? "no" : lookup.records.front().text));
      return answers.size() < enough;
    });
    return answers;
  }
  Strings asked() { return std::exchange(next_.asked, {}); }

  test::FakeClock clock_{1000};
  ScriptedAsker next_;
  CachingAsker cache_{next_, clock_};
};

TEST_F(CachingAskerTest, KeepsAnAnswerAsLongAsItMay) {
  next_.script = {{"TXT a", ScriptedAsker::text("here", 60)}};
  EXPECT_EQ(ask({"a"}), Strings{"a: here"});
  clock_.advance(59);
  EXPECT_EQ(ask({"a"}), Strings{"a: here"});
  EXPECT_EQ(asked(), Strings{"TXT a"});
  clock_.advance(1);
  EXPECT_EQ(ask({"a"}), Strings{"a: here"});
  EXPECT_EQ(asked(), Strings{"TXT a"});
}

TEST_F(CachingAskerTest, KeepsANoButNoFailureAndNothingWithoutATime) {
  next_.script = {{"TXT no", ScriptedAsker::nothing(60)},
                  {"TXT fails", ScriptedAsker::failure()},
                  {"TXT now", ScriptedAsker::text("x", 0)},
                  {"TXT never", ScriptedAsker::nothing(0)}};
  for (int i = 0; i < 2; ++i) ask({"no", "fails", "now", "never"});
  EXPECT_EQ(asked(),
            (Strings{"TXT no", "TXT fails", "TXT now", "TXT never", "TXT fails", "TXT now", "TXT never"}));
}

TEST_F(CachingAskerTest, AsksOnlyForWhatItDoesNotKnow) {
  next_.script = {{"TXT a", ScriptedAsker::text("1", 60)}, {"TXT b", ScriptedAsker::text("2", 60)}};
  ask({"a"});
  asked();
  EXPECT_EQ(ask({"b", "a"}), (Strings{"a: 1", "b: 2"}));
  EXPECT_EQ(asked(), Strings{"TXT b"});
  EXPECT_EQ(ask({"b", "a"}, 1), Strings{"b: 2"});
  EXPECT_EQ(asked(), Strings{});
}

TEST_F(CachingAskerTest, TellsTypesApart) {
  next_.script = {{"TXT a", ScriptedAsker::text("1", 60)}};
  ask({"a"});
  bool found = true;
  cache_.ask(std::vector{Question{"a", Type::a}}, [&](std::size_t, const Lookup& lookup) {
    found = lookup.outcome == Outcome::found;
    return true;
  });
  EXPECT_FALSE(found);
}

TEST_F(CachingAskerTest, DoesNotTrustAClockThatWasSetBack) {
  next_.script = {{"TXT a", ScriptedAsker::text("1", 60)}};
  ask({"a"});
  clock_.advance(-500);
  ask({"a"});
  EXPECT_EQ(asked(), (Strings{"TXT a", "TXT a"}));
}

TEST_F(CachingAskerTest, KeepsNothingLongerThanADay) {
  next_.script = {{"TXT a", ScriptedAsker::text("1", 0x7fffffff)}};
  ask({"a"});
  clock_.advance(CachingAsker::longest_ttl);
  ask({"a"});
  EXPECT_EQ(asked(), (Strings{"TXT a", "TXT a"}));
}

TEST_F(CachingAskerTest, IsBounded) {
  next_.script = {{"TXT short", ScriptedAsker::text("x", 10)}, {"TXT long", ScriptedAsker::text("x", 600)}};
  ask({"short", "long"});
  for (std::size_t i = 0; i < CachingAsker::most_kept; ++i) {
    const std::string name = "n" + std::to_string(i);
    next_.script = {{"TXT " + name, ScriptedAsker::text("x", 300)}};
    ask({name});
  }
  EXPECT_EQ(cache_.size(), CachingAsker::most_kept);
  asked();
  ask({"long", "short"});
  EXPECT_EQ(asked(), Strings{"TXT short"});
  next_.script = {{"TXT big", ScriptedAsker::text(std::string(CachingAsker::largest_kept, 'x'), 300)}};
  for (int i = 0; i < 2; ++i) ask({"big"});
  EXPECT_EQ(asked(), (Strings{"TXT big", "TXT big"}));
}

}  // namespace
}  // namespace qmail::dns
