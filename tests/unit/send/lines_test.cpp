#include "core/programs/qmail-send/lines.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <vector>

namespace qmail::send {
namespace {

using queue::Channel;

JobPtr job(queue::Number number = 1) {
  return std::make_shared<Job>(Job{.number = number,
                                   .channel = Channel::remote,
                                   .sender = "me@here.example",
                                   .retry = 0,
                                   .too_old = false});
}

std::vector<std::string> addresses(const Group& group) {
  std::vector<std::string> result;
  group.for_each([&](std::uint64_t, std::string_view address) { result.emplace_back(address); });
  return result;
}

using Addresses = std::vector<std::string>;

TEST(Group, KeepsPositionsAndAddresses) {
  Group group(job());
  group.put(0, "a@x.example");
  group.put(std::uint64_t{1} << 40, "");
  group.put(7, "b@x.example");
  std::vector<std::pair<std::uint64_t, std::string>> seen;
  group.for_each([&](std::uint64_t at, std::string_view address) { seen.emplace_back(at, address); });
  EXPECT_EQ(seen, (std::vector<std::pair<std::uint64_t, std::string>>{
                      {0, "a@x.example"}, {std::uint64_t{1} << 40, ""}, {7, "b@x.example"}}));
}

TEST(Lines, GroupByDomainWithoutRegardToCase) {
  const DomainLimits none;
  Lines lines(&none, 10);
  const JobPtr one = job(), other = job(2);
  for (const char* address : {"a@x.example", "b@y.example", "c@X.example", "d@x.EXAMPLE"})
    lines.add(one, 0, address, 2);
  lines.add(other, 0, "e@x.example", 2);
  EXPECT_EQ(addresses(lines.take().group), (Addresses{"a@x.example", "c@X.example"}));
  EXPECT_EQ(addresses(lines.take().group), (Addresses{"b@y.example"}));
  EXPECT_EQ(addresses(lines.take().group), (Addresses{"d@x.EXAMPLE"}));
  EXPECT_EQ(addresses(lines.take().group), (Addresses{"e@x.example"}));
  EXPECT_FALSE(lines.has_ready());
  EXPECT_EQ(lines.bytes(), 0U);
}

TEST(Lines, GiveEachDomainItsTurn) {
  const DomainLimits none;
  Lines lines(&none, 10);
  for (int i = 0; i < 3; ++i) lines.add(job(), 0, "a@many.example", 1);
  lines.add(job(), 0, "b@few.example", 1);
  Addresses order;
  while (lines.has_ready()) order.push_back(addresses(lines.take().group).front());
  EXPECT_EQ(order, (Addresses{"a@many.example", "b@few.example", "a@many.example", "a@many.example"}));
}

TEST(Lines, HoldADomainToItsLimit) {
  const DomainLimits limits{NoCaseMap::of_pairs({"x.example:2"})};
  Lines lines(&limits, 10);
  for (int i = 0; i < 4; ++i) lines.add(job(), 0, "a@x.example", 1);
  const Lines::Start first = lines.take();
  lines.take();
  EXPECT_FALSE(lines.has_ready());
  lines.leave(first.place, Reception::served);
  EXPECT_TRUE(lines.has_ready());
}

TEST(Lines, GiveADomainThatRefusesFewerAtATime) {
  const DomainLimits none;
  Lines lines(&none, 10);
  for (int i = 0; i < 20; ++i) lines.add(job(), 0, "a@x.example", 1);
  std::vector<Lines::Place> places;
  while (lines.has_ready()) places.push_back(lines.take().place);
  ASSERT_EQ(places.size(), 10U);
  for (const Lines::Place& place : places) lines.leave(place, Reception::refused);
  places.clear();
  while (lines.has_ready()) places.push_back(lines.take().place);
  EXPECT_EQ(places.size(), 5U);
}

TEST(Lines, RememberOnlyDomainsThatRefuse) {
  const DomainLimits none;
  Lines lines(&none, 10);
  lines.add(job(), 0, "a@x.example", 1);
  lines.add(job(), 0, "a@y.example", 1);
  const Lines::Start x = lines.take(), y = lines.take();
  lines.leave(x.place, Reception::refused);
  lines.leave(y.place, Reception::served);
  EXPECT_EQ(lines.domains(), 1U);
}

TEST(Lines, WithoutDomainsAreOneLine) {
  Lines lines(nullptr, 10);
  for (int i = 0; i < 12; ++i) lines.add(job(), 0, "a@x.example", 1);
  const Lines::Start first = lines.take();
  lines.leave(first.place, Reception::refused);
  int started = 0;
  for (; lines.has_ready(); ++started) lines.take();
  EXPECT_EQ(started, 10);
}

TEST(Lines, TakeNoMoreThanTheirMemory) {
  const DomainLimits none;
  Lines lines(&none, 10, 100);
  EXPECT_TRUE(lines.add(job(), 0, std::string(100, 'a') + "@x.example", 1));
  EXPECT_FALSE(lines.add(job(), 0, "b@x.example", 1));
  lines.take();
  EXPECT_TRUE(lines.add(job(), 0, "b@x.example", 1));
}

#ifndef __SANITIZE_ADDRESS__
/// Allocated by `work`, for each of `count`.
template <typename Work>
std::size_t bytes_each(std::size_t count, Work work) {
  const std::size_t before = ::mallinfo2().uordblks;
  work();
  return (::mallinfo2().uordblks - before) / count;
}

TEST(Lines, TakeTheMemoryThatTheirHeaderSays) {
  constexpr std::size_t count = 10000;
  const std::string address = "somebody@domain.example";
  const DomainLimits none;
  Lines singles(&none, 10), shared(&none, 10);
  EXPECT_LE(bytes_each(count,
                       [&] {
                         for (std::size_t i = 0; i < count; ++i) singles.add(job(i), i, address, 100);
                       }),
            9 + address.size() + 128 + 160);
  const JobPtr one = job();
  EXPECT_LE(bytes_each(count,
                       [&] {
                         for (std::size_t i = 0; i < count; ++i) shared.add(one, i, address, 100);
                       }),
            2 * (9 + address.size()));
}

TEST(DueQueue, TakesTheMemoryThatItsHeaderSays) {
  constexpr std::size_t count = 1 << 16;
  DueQueue queue;
  EXPECT_LE(bytes_each(count,
                       [&] {
                         for (std::size_t i = 0; i < count; ++i) queue.insert({0, i});
                       }),
            17U);
  while (!queue.empty()) queue.take_first();
  EXPECT_LE(bytes_each(1, [&] { queue.insert({0, 1}); }), std::size_t{1} << 18);
}
#endif

}  // namespace
}  // namespace qmail::send
