#include "installer/transaction/engine.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "memory_system.h"

namespace qmail::transaction {
namespace {

/// A machine with a disk for the journal, on which runs can be cut off and begun again.
class EngineTest : public testing::Test {
 protected:
  /// Begins the sample plan, or goes on with what the journal holds. True if the power lasted.
  template <typename Work>
  bool run(std::optional<std::size_t> cut, Work work) {
    power_.fail_at(cut);
    MemorySystem system(world_, power_);
    try {
      auto reading = Journal::read(disk_);
      if (!reading) {
        disk_.clear();
        Journal fresh(sample_plan(), sink_onto(disk_, power_));
        work(system, fresh);
      } else {
        disk_.resize(reading->sound_bytes);
        reading->journal.continue_with(sink_onto(disk_, power_));
        work(system, reading->journal);
      }
    } catch (const PowerCut&) {
      return false;
    }
    return true;
  }

  bool apply_with_cut(std::optional<std::size_t> cut) {
    return run(cut, [this](System& system, Journal& journal) { apply(system, journal, watcher_); });
  }
  bool roll_back_with_cut(std::optional<std::size_t> cut) {
    return run(cut, [this](System& system, Journal& journal) { roll_back(system, journal, watcher_); });
  }
  void start_again() {
    world_ = original_world();
    disk_.clear();
  }

  World world_ = original_world();
  Power power_;
  std::string disk_;
  Watcher watcher_;
};

TEST_F(EngineTest, AppliesThePlanAndTakesItBack) {
  EXPECT_TRUE(apply_with_cut(std::nullopt));
  EXPECT_EQ(world_, finished_world());
  EXPECT_TRUE(roll_back_with_cut(std::nullopt));
  EXPECT_EQ(world_, original_world());
}

TEST_F(EngineTest, AppliedAgainAfterACutAtAnyPointReachesTheFinishedState) {
  std::size_t cut = 0;
  while (!apply_with_cut(cut)) {
    EXPECT_TRUE(apply_with_cut(std::nullopt));
    EXPECT_EQ(world_, finished_world()) << "cut at " << cut;
    start_again();
    ++cut;
  }
  EXPECT_GT(cut, 40U);
}

TEST_F(EngineTest, RolledBackAfterACutAtAnyPointReachesTheOriginalState) {
  for (std::size_t cut = 0; !apply_with_cut(cut); ++cut) {
    EXPECT_TRUE(roll_back_with_cut(std::nullopt));
    EXPECT_EQ(world_, original_world()) << "cut at " << cut;
    start_again();
  }
}

TEST_F(EngineTest, ARollBackCutAtAnyPointCanBeRepeated) {
  for (std::size_t cut = 0; !apply_with_cut(cut); ++cut) {
    const World world = world_;
    const std::string disk = disk_;
    for (std::size_t second = 0; !roll_back_with_cut(second); ++second) {
      EXPECT_TRUE(roll_back_with_cut(std::nullopt));
      EXPECT_EQ(world_, original_world()) << "cuts at " << cut << " and " << second;
      world_ = world;
      disk_ = disk;
    }
    start_again();
  }
}

TEST_F(EngineTest, RefusesToApplyOnceARollBackHasBegun) {
  EXPECT_TRUE(apply_with_cut(std::nullopt));
  EXPECT_FALSE(roll_back_with_cut(8));
  EXPECT_THROW(apply_with_cut(std::nullopt), Failure);
  EXPECT_TRUE(roll_back_with_cut(std::nullopt));
  EXPECT_THROW(apply_with_cut(std::nullopt), Failure);
  EXPECT_EQ(world_, original_world());
}

TEST_F(EngineTest, KeepsWhatSomebodyChangedSince) {
  EXPECT_TRUE(apply_with_cut(std::nullopt));
  world_["/etc/old"] = "edited";
  EXPECT_TRUE(roll_back_with_cut(std::nullopt));
  EXPECT_EQ(world_["/etc/old"], "old");
  EXPECT_EQ(world_["/etc/old.before-rollback"], "edited");
}

TEST_F(EngineTest, StopsBetweenTwoStepsWhenAskedAndGoesOnLater) {
  struct Stopper : Watcher {
    std::size_t left = 3;
    bool wants_stop() override { return left-- == 0; }
  } stopper;
  EXPECT_TRUE(run(std::nullopt, [&](System& system, Journal& journal) {
    EXPECT_FALSE(apply(system, journal, stopper));
    EXPECT_EQ(journal.done_count(), 3U);
  }));
  EXPECT_TRUE(apply_with_cut(std::nullopt));
  EXPECT_EQ(world_, finished_world());
}

/// The journal's file cut after each of its bytes, with the machine as it was when that byte was written.
TEST_F(EngineTest, AJournalTornAtAnyByteStillLeadsForwardAndBack) {
  std::vector<std::pair<std::size_t, World>> before_line;
  power_.fail_at(std::nullopt);
  MemorySystem system(world_, power_);
  std::string whole;
  Journal journal(sample_plan(), [&](std::string_view line) {
    before_line.emplace_back(whole.size(), world_);
    whole += line;
  });
  apply(system, journal, watcher_);
  before_line.emplace_back(whole.size(), world_);
  for (std::size_t line = 0; line + 1 < before_line.size(); ++line) {
    for (std::size_t length = before_line[line].first; length < before_line[line + 1].first; ++length) {
      disk_ = whole.substr(0, length);
      world_ = before_line[line].second;
      EXPECT_TRUE(apply_with_cut(std::nullopt));
      EXPECT_EQ(world_, finished_world()) << length;
      disk_ = whole.substr(0, length);
      world_ = before_line[line].second;
      EXPECT_TRUE(roll_back_with_cut(std::nullopt));
      EXPECT_EQ(world_, original_world()) << length;
    }
  }
}

}  // namespace
}  // namespace qmail::transaction
