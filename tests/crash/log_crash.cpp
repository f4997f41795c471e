// The queue's log when the power fails: whatever the moment, and whichever sectors of the last writes
// survive, no accepted message is lost, none is half, and no number is free while its message is live.
#include <gtest/gtest.h>

#include "core/base/publish.h"
#include "tests/crash/log_steps.h"

namespace qmail::test {
namespace {

const Scenario living{prepare_log, live_a_while, log_problems};

TEST(PowerFailure, LosesNoMessageOfTheLog) { EXPECT_EQ(stop_at_every_call(living), Problems{}); }

// The control: were the spares' names not synced, their numbers could be used again.
TEST(PowerFailure, IsSeenToFreeNumbersWhereDirectoriesAreNotSynced) {
  const auto accept_one = [](const std::filesystem::path& home, Witness& witness) {
    ToldLog log(home, witness);
    if (!log.open()) return 111;
    log.owner().provide(1);
    log.accept("a");
    return 0;
  };
  const Scenario accepting{prepare_log, accept_one, log_problems};
  EXPECT_EQ(stop_at_every_call(accepting), Problems{});
  EXPECT_NE(stop_at_every_call(accepting, {.directory_syncs_work = false}), Problems{});
}

/// A log that was damaged, and whose last write was torn.
void prepare_damaged_log(const std::filesystem::path& home) {
  prepare_log(home);
  LogOwner owner(home, crash_segment_bytes);
  ASSERT_EQ(owner.open(), "");
  owner.provide(4);
  std::vector<queue_log::Place> places;
  for (const char one : {'a', 'b', 'c'}) {
    places.push_back(*owner.log().place_of(*owner.append(body_of(one))));
    ASSERT_TRUE(owner.commit());
  }
  owner.close();
  const auto break_at = [&](const queue_log::Place& place, std::size_t behind, const std::string& bytes) {
    std::fstream segment(home / "queue" / queue::segment_name(place.segment),
                         std::ios::in | std::ios::out | std::ios::binary);
    segment.seekp(static_cast<std::streamoff>(place.sector * queue_log::sector_bytes + behind));
    segment << bytes;
  };
  break_at(places[0], 1000, "!");
  break_at(places[2], 1024, std::string(4096 - 1024, '\0'));
}

/// What was damaged or torn is none of the messages; what was damaged is kept.
Problems problems_after_damage(const std::filesystem::path& home, const Ended& ended) {
  Problems problems = log_problems(home, ended);
  const auto found = messages_in(home, problems);
  if (found.size() != 1 || !found.contains('b')) problems.push_back("the message between is lost");
  std::size_t saved = 0;
  for (const auto& file : std::filesystem::directory_iterator(home / "queue" / queue::damaged_folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.find("aaaa!aaaa") != std::string::npos) ++saved;
  }
  if (saved != 1) problems.push_back("the damaged message was not saved");
  return problems;
}

TEST(PowerFailure, DuringRecoveryLeavesItToBeDoneAgain) {
  const auto recover = [](const std::filesystem::path& home, Witness& witness) {
    ToldLog log(home, witness);
    if (!log.open()) return 111;
    log.owner().provide(4);
    log.owner().log().take_replay();
    return 0;
  };
  EXPECT_EQ(stop_at_every_call({prepare_damaged_log, recover, problems_after_damage}), Problems{});
}

/// Moves one message into the layout as the mover and qmail-send do, and keeps another.
int move_one(const std::filesystem::path& home, Witness& witness) {
  ToldLog log(home, witness);
  if (!log.open()) return 111;
  log.owner().provide(4);
  const auto numbers = log.accept("ab");
  if (numbers.size() != 2) return 0;
  const Number id = numbers.at('a');
  const queue::Layout& layout = log.owner().layout();
  const auto placed = queue_log::place_messages(layout, std::array{*log.owner().log().place_of(id)});
  if (placed.front().error != 0) return 0;
  log.owner().log().placed(id);
  const Directory info = layout.directory().sub(folder_of(queue::Part::info, id));
  publish(info, std::to_string(id), "Fme@here.example", 0600);
  log.tell("info");
  log.owner().log().moved(id);
  log.owner().commit();
  return 0;
}

/// A message with info is in the layout, whole, and need not be in the log; each other one is in the log.
Problems problems_of_moving(const std::filesystem::path& home, const Ended& ended) {
  Problems problems;
  std::size_t moved = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(home / "queue/info")) {
    if (!file.is_regular_file() || !queue::parse_message_number(file.path().filename().string())) continue;
    ++moved;
    const Number id = std::stoull(file.path().filename());
    if (TempHome::read_file(home / "queue" / name_of(queue::Part::mess, id)) != body_of('a'))
      problems.push_back("a moved message is not whole");
  }
  const auto found = messages_in(home, problems);
  if (ended.told.size() >= 2 && moved == 0 && !found.contains('a')) problems.push_back("a is lost");
  if (ended.has_told("info") && moved == 0) problems.push_back("a has no info");
  if (ended.told.size() >= 2 && !found.contains('b')) problems.push_back("b is lost");
  return problems;
}

TEST(PowerFailure, LosesNoMessageOnItsWayIntoTheLayout) {
  EXPECT_EQ(stop_at_every_call({prepare_log, move_one, problems_of_moving}), Problems{});
  EXPECT_EQ(stop_at_every_call({prepare_log, move_one, problems_of_moving}, {.keeps_order = true}),
            Problems{});
}

}  // namespace
}  // namespace qmail::test
