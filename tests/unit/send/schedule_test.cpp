#include "core/programs/qmail-send/schedule.h"

#include <gtest/gtest.h>

namespace qmail::send {
namespace {

using queue::Channel;

/// When a message is tried, as seconds after its birth, if each try is made on time.
std::vector<std::int64_t> tries(Channel channel, std::size_t count) {
  constexpr std::int64_t birth = 1700000000;
  std::vector<std::int64_t> result{0};
  while (result.size() < count) result.push_back(next_try(birth, birth + result.back(), channel) - birth);
  return result;
}

TEST(Schedule, IsThatOfTheManualPage) {
  EXPECT_EQ(tries(Channel::remote, 6), (std::vector<std::int64_t>{0, 400, 1600, 3600, 6400, 10000}));
  EXPECT_EQ(tries(Channel::local, 6), (std::vector<std::int64_t>{0, 100, 400, 900, 1600, 2500}));
}

TEST(Schedule, RoundsTheRootDown) {
  EXPECT_EQ(next_try(0, 99, Channel::local), 19 * 19);
  EXPECT_EQ(next_try(0, 100, Channel::local), 20 * 20);
  EXPECT_EQ(next_try(0, std::int64_t{1} << 40, Channel::local), (1048576LL + 10) * (1048576LL + 10));
}

TEST(Schedule, TakesAMessageFromTheFutureForNew) { EXPECT_EQ(next_try(1000, 500, Channel::local), 1100); }

TEST(DueQueue, GivesTheEarliestFirst) {
  DueQueue queue;
  for (const std::int64_t when : {50, 10, 40, 20, 30}) queue.insert({when, static_cast<queue::Number>(when)});
  EXPECT_FALSE(queue.take_due(9));
  EXPECT_EQ(queue.take_due(20)->number, 10U);
  EXPECT_EQ(queue.take_due(20)->number, 20U);
  EXPECT_FALSE(queue.take_due(20));
  queue.make_all_due(5);
  EXPECT_EQ(queue.first_time(), 5);
}

TEST(DueQueue, RemembersWhatTheStoreKnowsUntilTheTimeChanges) {
  DueQueue queue;
  queue.insert({10, 1, true});
  queue.insert({20, 2, false});
  EXPECT_TRUE(queue.take_first().stored);
  EXPECT_FALSE(queue.take_first().stored);
  queue.insert({10, 1, true});
  queue.make_all_due(10);
  EXPECT_FALSE(queue.take_first().stored);
}

TEST(Agenda, LetsNewMessagesGoFirstButNotForEver) {
  Agenda agenda;
  for (queue::Number number = 1; number <= 20; ++number) {
    agenda.insert_new({50, number});
    agenda.insert({1, number + 100});
  }
  std::string order;
  while (const auto due = agenda.take_due(60)) order += due->number > 100 ? 'a' : 'n';
  EXPECT_EQ(order, "nnnnnnnannnnnnnannnnnnaaaaaaaaaaaaaaaaaa");
}

TEST(Agenda, KeepsWhatIsNotDue) {
  Agenda agenda;
  agenda.insert_new({50, 1});
  agenda.insert({40, 2});
  EXPECT_EQ(agenda.first_time(), 40);
  EXPECT_FALSE(agenda.take_due(39));
  EXPECT_EQ(agenda.take_due(45)->number, 2U);
  EXPECT_FALSE(agenda.take_due(45));
  agenda.make_all_due(45);
  EXPECT_EQ(agenda.take_due(45)->number, 1U);
  EXPECT_TRUE(agenda.empty());
}

TEST(Agenda, GivesTheMessagesThatSomebodyWantsAndKeepsTheOrderOfTheRest) {
  Agenda agenda;
  for (const std::int64_t when : {50, 10, 40, 20, 30}) {
    agenda.insert({when, static_cast<queue::Number>(when), true});
    agenda.insert_new({when + 1, static_cast<queue::Number>(when + 1)});
  }
  EXPECT_TRUE(agenda.take_if([](queue::Number number) { return number > 51; }).empty());
  std::vector<queue::Number> taken;
  for (const Due& due : agenda.take_if([](queue::Number number) { return number == 10 || number == 41; })) {
    EXPECT_EQ(due.when, static_cast<std::int64_t>(due.number));
    EXPECT_EQ(due.stored, due.number == 10);
    taken.push_back(due.number);
  }
  EXPECT_EQ(taken, (std::vector<queue::Number>{41, 10}));
  std::vector<queue::Number> rest;
  while (const auto due = agenda.take_due(20)) rest.push_back(due->number);
  EXPECT_EQ(rest, (std::vector<queue::Number>{11, 20}));
}

}  // namespace
}  // namespace qmail::send
