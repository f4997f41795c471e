#include "installer/transaction/journal.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "memory_system.h"

namespace qmail::transaction {
namespace {

/// A journal with three records after the plan, as text.
std::string sample_text() {
  std::string text;
  Journal journal(sample_plan(), [&](std::string_view line) { text += line; });
  journal.intended(0, {{"was", "nothing"}});
  journal.done(0, "something");
  journal.intended(1, nullptr);
  return text;
}

TEST(Journal, ReadsBackWhatItWrote) {
  const auto reading = Journal::read(sample_text());
  ASSERT_TRUE(reading);
  const Journal& journal = reading->journal;
  EXPECT_EQ(to_json(journal.plan()), to_json(sample_plan()));
  EXPECT_EQ((*journal.saved(0))["was"], "nothing");
  EXPECT_EQ(journal.made(0), "something");
  EXPECT_NE(journal.saved(1), nullptr);
  EXPECT_FALSE(journal.is_done(1));
  EXPECT_EQ(journal.saved(2), nullptr);
  EXPECT_EQ(journal.state(), Journal::State::interrupted);
  EXPECT_EQ(reading->sound_bytes, sample_text().size());
}

TEST(Journal, KnowsHowATransactionEnded) {
  std::string text;
  Journal journal(sample_plan(), [&](std::string_view line) { text += line; });
  journal.committed();
  EXPECT_EQ(Journal::read(text)->journal.state(), Journal::State::committed);
  journal.undone(0);
  EXPECT_EQ(Journal::read(text)->journal.state(), Journal::State::rolling_back);
  journal.rolled_back();
  EXPECT_EQ(Journal::read(text)->journal.state(), Journal::State::rolled_back);
}

TEST(Journal, ATornLastLineCountsAsNotWritten) {
  const std::string text = sample_text();
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  for (std::size_t length = last; length < text.size(); ++length) {
    const auto reading = Journal::read(text.substr(0, length));
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->sound_bytes, last);
    EXPECT_EQ(reading->journal.saved(1), nullptr);
  }
}

TEST(Journal, ADamagedEarlierLineIsAFailureAndADamagedLastOneIsNot) {
  const std::string text = sample_text();
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    if (at + 1 < last) {
      EXPECT_THROW(Journal::read(damaged), Failure) << at;
    } else if (at >= last) {
      EXPECT_EQ(Journal::read(damaged)->sound_bytes, last) << at;
    }
  }
}

TEST(Journal, AMissingLineIsAFailure) {
  std::string text = sample_text();
  const std::size_t first = text.find('\n') + 1;
  text.erase(first, text.find('\n', first) + 1 - first);
  EXPECT_THROW(Journal::read(text), Failure);
}

TEST(Journal, WithoutAWholePlanThereIsNoTransaction) {
  EXPECT_FALSE(Journal::read(""));
  EXPECT_FALSE(Journal::read("{\"event\":\"begun\""));
  EXPECT_FALSE(Journal::read("\n"));
}

TEST(Step, EveryKindSurvivesJson) {
  const std::vector<Step> steps{MakeDirectory{"/d", "o", "g", 02755},
                                PutFile{"/f", std::string("\0\xff text", 7), "o", "g", 0644},
                                MakeSymlink{"/l", "t"},
                                MakeFifo{"/p", "o", "g", 0622},
                                SetMode{"/m", "o", "g", 04711},
                                Remove{"/\xe6\x97\xa5"},
                                AddGroup{"g", 7},
                                AddUser{"u", "g", "/h", 8},
                                RemoveGroup{"g"},
                                RemoveUser{"u"},
                                RunService{"start", "unit"}};
  ASSERT_EQ(steps.size(), std::variant_size_v<Step>);
  for (const Step& step : steps) {
    const auto parsed = parse_step(nlohmann::json::parse(to_json(step).dump()));
    ASSERT_TRUE(parsed) << to_json(step);
    EXPECT_EQ(parsed->index(), step.index());
    EXPECT_EQ(to_json(*parsed), to_json(step));
  }
}

TEST(Step, WhatIsNoStepIsRefused) {
  for (const char* text :
       {"null", "[]", "{}", "{\"kind\":\"no-such\"}", "{\"kind\":1}", "{\"kind\":\"remove\"}",
        "{\"kind\":\"remove\",\"path\":1}", "{\"kind\":\"remove\",\"path\":{\"hex\":\"0\"}}",
        "{\"kind\":\"remove\",\"path\":{\"hex\":\"0x\"}}",
        "{\"kind\":\"add-group\",\"name\":\"a\",\"gid\":-1}",
        "{\"kind\":\"add-group\",\"name\":\"a\",\"gid\":4294967296}"})
    EXPECT_FALSE(parse_step(nlohmann::json::parse(text))) << text;
}

TEST(Step, VerbsHaveInverses) {
  EXPECT_EQ(inverse_of("start"), "stop");
  EXPECT_EQ(inverse_of("disable"), "enable");
  EXPECT_EQ(inverse_of("unmask"), "mask");
  EXPECT_EQ(inverse_of("reload"), std::nullopt);
}

}  // namespace
}  // namespace qmail::transaction
