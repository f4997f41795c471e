#include "core/queue/log/log.h"

#include <array>
#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/log_work.h"

namespace qmail::queue_log {
namespace {

using test::LogOwner;

class LogTest : public testing::Test {
 protected:
  LogTest() {
    EXPECT_EQ(owner.open(), "");
    EXPECT_TRUE(owner.provide());
  }
  void reopen() {
    owner.close();
    EXPECT_EQ(owner.open(), "");
  }
  std::size_t segments() { return numbers_in(owner.layout(), queue::segment_folder)->size(); }

  test::TempHome home;
  LogOwner owner{home.path()};
};

TEST_F(LogTest, KeepsWhatWasCommitted) {
  const auto id = owner.append("Subject: hello\n\nHi.\n");
  ASSERT_TRUE(id);
  EXPECT_TRUE(owner.commit());
  EXPECT_EQ(owner.body(*id), "Subject: hello\n\nHi.\n");
  reopen();
  const auto replay = owner.log().take_replay();
  ASSERT_EQ(replay.size(), 1U);
  EXPECT_EQ(replay[0].id, *id);
  EXPECT_TRUE(replay[0].outcomes.empty());
  std::string buffer;
  const auto message = owner.log().read(*id, buffer);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->body, "Subject: hello\n\nHi.\n");
  EXPECT_EQ(message->envelope, test::log_envelope);
  EXPECT_EQ(message->origin.birth, 1795337104);
  EXPECT_EQ(message->origin.qp, 5000000U);
  EXPECT_EQ(message->origin.uid, 1000U);
  EXPECT_EQ(owner.alerts(), "");
}

TEST_F(LogTest, GivesAMessageTheNumberOfASpare) {
  const auto id = owner.append("x");
  ASSERT_TRUE(id);
  EXPECT_TRUE(home.has("queue/log/spare/" + std::to_string(*id)));
  struct stat status {};
  ASSERT_EQ(::stat((home.path() / "queue" / queue::spare_name(*id)).c_str(), &status), 0);
  EXPECT_EQ(status.st_ino, *id);
}

TEST_F(LogTest, RemembersOutcomesUntilTheMessageEnds) {
  const auto id = owner.append("x");
  EXPECT_TRUE(owner.commit());
  owner.log().outcome(*id, 1, 'D', "no such user\n");
  owner.log().outcome(*id, 0, 'K', "");
  EXPECT_TRUE(owner.log().write());
  reopen();
  const auto replay = owner.log().take_replay();
  ASSERT_EQ(replay.size(), 1U);
  ASSERT_EQ(replay[0].outcomes.size(), 2U);
  EXPECT_EQ(replay[0].outcomes[0].index, 1U);
  EXPECT_EQ(replay[0].outcomes[0].kind, 'D');
  EXPECT_EQ(replay[0].outcomes[0].text, "no such user\n");
  owner.log().ended(*id);
  EXPECT_TRUE(owner.log().write());
  reopen();
  EXPECT_TRUE(owner.log().take_replay().empty());
}

TEST_F(LogTest, LendsANumberAgainOnlyIfTheMessageEndedInTheLog) {
  std::vector<Number> ids;
  while (const auto id = owner.append("x")) ids.push_back(*id);
  EXPECT_EQ(owner.refusal(), Refusal::no_spare);
  EXPECT_TRUE(owner.commit());
  owner.log().moved(ids[0]);
  owner.log().placed(ids[1]);
  owner.log().ended(ids[1]);
  owner.log().ended(ids[2]);
  EXPECT_EQ(owner.append("y"), ids[2]);
  EXPECT_EQ(owner.append("y"), std::nullopt);
}

TEST_F(LogTest, TheSecondLifeOfANumberIsNotTakenForTheFirst) {
  const auto first = owner.append("first");
  EXPECT_TRUE(owner.commit());
  owner.log().outcome(*first, 0, 'K', "");
  owner.log().ended(*first);
  const auto second = owner.append("second");
  ASSERT_EQ(second, first);
  EXPECT_TRUE(owner.commit());
  reopen();
  const auto replay = owner.log().take_replay();
  ASSERT_EQ(replay.size(), 1U);
  EXPECT_TRUE(replay[0].outcomes.empty());
  EXPECT_EQ(owner.body(*second), "second");
}

TEST_F(LogTest, LeavesAnothersMessAloneWhoseNumberWasItsOwnOnce) {
  const auto id = owner.append("moved, delivered and removed while there was no log");
  EXPECT_TRUE(owner.commit());
  const auto placed = queue_log::place_messages(owner.layout(), std::array{*owner.log().place_of(*id)});
  ASSERT_EQ(placed.at(0).error, 0);
  reopen();
  EXPECT_EQ(owner.log().take_replay().size(), 1U);  // interrupted in its move, for all we know
  const auto mess = home.path() / "queue" / queue::name_of(queue::Part::mess, *id);
  std::ofstream(mess) << "of a qmail-queue that got the number";
  reopen();
  EXPECT_TRUE(owner.log().take_replay().empty());
  EXPECT_EQ(owner.log().live_count(), 0U);
  EXPECT_TRUE(owner.commit());
  reopen();
  EXPECT_EQ(owner.log().live_count(), 0U);
  EXPECT_EQ(owner.alerts(), "");
}

TEST_F(LogTest, SaysWhenASyncIsDue) {
  EXPECT_FALSE(owner.log().unsynced());
  const auto id = owner.append("x");
  EXPECT_TRUE(owner.commit());
  EXPECT_FALSE(owner.log().unsynced());
  EXPECT_FALSE(owner.log().sync_due());
  owner.log().outcome(*id, 0, 'K', "");
  EXPECT_TRUE(owner.log().has_unwritten());
  EXPECT_TRUE(owner.log().write());
  EXPECT_FALSE(owner.log().has_unwritten());
  EXPECT_TRUE(owner.log().unsynced());
  ASSERT_TRUE(owner.log().sync_due());
  EXPECT_EQ(owner.log().sync_due()->microseconds, 200000);
  EXPECT_TRUE(owner.commit());
  EXPECT_FALSE(owner.log().unsynced());
}

TEST_F(LogTest, UsesItsSegmentsAgain) {
  const std::string body(10'000, 'x');
  for (int round = 0; round < 100; ++round) {
    const auto id = owner.append(body);
    ASSERT_TRUE(id) << round;
    EXPECT_TRUE(owner.commit());
    owner.log().ended(*id);
    owner.provide();
  }
  EXPECT_LE(segments(), 4U);
  reopen();
  EXPECT_LE(owner.log().take_replay().size(), 1U);
}

TEST_F(LogTest, KeepsALiveMessageThroughAllThat) {
  const auto kept = owner.append("kept");
  const std::string body(10'000, 'x');
  for (int round = 0; round < 40; ++round) {
    const auto id = owner.append(body);
    ASSERT_TRUE(id) << round;
    EXPECT_TRUE(owner.commit());
    owner.log().ended(*id);
    owner.provide();
  }
  EXPECT_TRUE(owner.commit());
  EXPECT_EQ(owner.body(*kept), "kept");
  EXPECT_TRUE(owner.log().in_the_way(1).empty());  // there can be more segments
  reopen();
  EXPECT_EQ(owner.log().take_replay().size(), 1U);
  EXPECT_EQ(owner.body(*kept), "kept");
}

/// Messages of a fifth of a segment that end at once, until segments are short; how many of them.
std::size_t pass_until_short(LogOwner& owner, std::size_t most) {
  const std::string body(10'000, 'x');
  for (std::size_t passed = 0; passed < most; ++passed) {
    if (!owner.log().in_the_way(1).empty()) return passed;
    const auto id = owner.append(body);
    if (!id) return passed;
    EXPECT_TRUE(owner.commit());
    owner.log().ended(*id);
    EXPECT_TRUE(owner.commit());
    owner.provide();
  }
  return most;
}

TEST_F(LogTest, NamesWhatIsInTheWayBeforeItIsFull) {
  owner.most_segments = 6;
  reopen();
  for (int round = 0; round < 3; ++round) {
    const auto kept = owner.append("kept");
    ASSERT_TRUE(kept);
    EXPECT_LT(pass_until_short(owner, 100), 100U);
    EXPECT_EQ(owner.log().in_the_way(9), std::vector<Number>{*kept});
    const auto other = owner.append("there is room for it meanwhile");
    ASSERT_TRUE(other);
    owner.log().ended(*other);
    owner.log().moved(*kept);
    EXPECT_TRUE(owner.commit());
    EXPECT_TRUE(owner.log().in_the_way(9).empty());
    owner.provide();
  }
  EXPECT_EQ(pass_until_short(owner, 100), 100U);
}

TEST_F(LogTest, KeepsASegmentForWhatIsSaidOfMessages) {
  const std::string body(20'000, 'x');
  std::vector<Number> ids;
  while (const auto id = owner.append(body)) {
    ids.push_back(*id);
    EXPECT_TRUE(owner.commit());
  }
  EXPECT_EQ(owner.refusal(), Refusal::no_segment);
  for (const Number id : ids) owner.log().ended(id);
  EXPECT_TRUE(owner.commit());
  EXPECT_TRUE(owner.append(body));
}

// More than a segment holds, so that what was said first is synced in passing.
TEST_F(LogTest, TakesAnyNumberOfOutcomesAtOnce) {
  const auto id = owner.append("x");
  EXPECT_TRUE(owner.commit());
  constexpr std::uint32_t count = 200;
  for (std::uint32_t index = 0; index < count; ++index)
    owner.log().outcome(*id, index, 'K', "report " + std::to_string(index));
  EXPECT_TRUE(owner.log().write());
  reopen();
  const auto replay = owner.log().take_replay();
  ASSERT_EQ(replay.size(), 1U);
  ASSERT_EQ(replay[0].outcomes.size(), count);
  for (std::uint32_t index = 0; index < count; ++index) {
    EXPECT_EQ(replay[0].outcomes[index].index, index);
    EXPECT_EQ(replay[0].outcomes[index].text, "report " + std::to_string(index));
  }
}

TEST_F(LogTest, RefusesWhatNoSegmentHolds) {
  EXPECT_FALSE(owner.append(std::string(LogOwner::segment_bytes, 'x')));
  EXPECT_EQ(owner.refusal(), Refusal::too_large);
}

TEST_F(LogTest, HasOneOwner) {
  LogOwner second(home.path());
  EXPECT_EQ(second.open(), "unable to lock queue/lock/logmutex: temporary failure");
}

TEST_F(LogTest, TakesMessagesInPieces) {
  const std::vector<std::string_view> pieces{"Received: x\n", "", "Subject: y\n", "\nbody\n"};
  const auto id = std::get<Number>(owner.log().append({.envelope = test::log_envelope, .body = pieces}));
  EXPECT_TRUE(owner.commit());
  EXPECT_EQ(owner.body(id), "Received: x\nSubject: y\n\nbody\n");
}

TEST_F(LogTest, ForgetsMessagesThatWereNeverCommitted) {
  owner.append("x");
  reopen();
  EXPECT_TRUE(owner.log().take_replay().empty());
  EXPECT_EQ(owner.alerts(), "");
}

TEST_F(LogTest, IsReadByOthersWhileItIsWritten) {
  const auto first = owner.append("first");
  const auto second = owner.append("second");
  const auto third = owner.append("third");
  EXPECT_TRUE(owner.commit());
  owner.log().outcome(*second, 0, 'K', "done");
  owner.log().ended(*third);
  EXPECT_TRUE(owner.log().write());
  const auto messages = live_messages(owner.layout());
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].place.id, *first);
  EXPECT_EQ(messages[1].place.id, *second);
  EXPECT_EQ(messages[1].envelope, test::log_envelope);
  ASSERT_EQ(messages[1].outcomes.size(), 1U);
  EXPECT_EQ(messages[1].outcomes[0].text, "done");
  std::string buffer;
  const auto message = read_message(owner.layout(), messages[0].place, buffer);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->body, "first");
}

TEST(LogFolders, MustBeThere) {
  const test::TempHome home;
  std::filesystem::remove_all(home.path() / "queue/log");
  LogOwner owner(home.path());
  EXPECT_EQ(owner.open(), "unable to stat queue/log/segment: file does not exist");
  EXPECT_TRUE(live_messages(owner.layout()).empty());
}

}  // namespace
}  // namespace qmail::queue_log
