#include "core/programs/qmail-queue/mover.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include "core/base/spawn.h"
#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

TEST(MoverPackets, ComeOutAsTheyWentIn) {
  const queue_log::Place place{
      .id = 457, .generation = 3, .segment = 2, .sector = 9, .envelope_bytes = 40, .body_bytes = 4096};
  for (const MoverTask& task : {MoverTask(MakeSegment{7}), MoverTask(MakeSpares{256}), MoverTask(place)}) {
    const auto parsed = parse_mover_task(packet(task));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(packet(*parsed), packet(task));
  }
  for (const MoverResult& result : {MoverResult(SegmentMade{7, 28}), MoverResult(SparesMade{{1, 2, 3}, 5}),
                                    MoverResult(MessagePlaced{457, 5})}) {
    const auto parsed = parse_mover_result(packet(result));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(packet(*parsed), packet(result));
  }
}

TEST(MoverPackets, AreNoneIfCutOrUnknown) {
  EXPECT_FALSE(parse_mover_task(""));
  EXPECT_FALSE(parse_mover_task("\3xxxx"));
  EXPECT_FALSE(parse_mover_task(packet(MoverTask(MakeSpares{1})).substr(0, 4)));
  EXPECT_FALSE(parse_mover_result(packet(MoverResult(SparesMade{{1}, 0})).substr(0, 7)));
}

/// The next result, waited for.
std::optional<MoverResult> wait_for_result(Mover& mover) {
  pollfd ready{mover.fd(), POLLIN, 0};
  ::poll(&ready, 1, 10'000);
  return mover.take();
}

TEST(Mover, MakesWhatTheLogNeeds) {
  const test::TempHome home;
  const Layout layout = home.queue();
  Mover mover(layout);
  ASSERT_TRUE(mover.start());
  mover.make_spares(3);
  const auto spares = wait_for_result(mover);
  ASSERT_TRUE(spares && std::holds_alternative<SparesMade>(*spares));
  EXPECT_EQ(std::get<SparesMade>(*spares).numbers.size(), 3U);
  mover.make_segment(1);
  const auto segment = wait_for_result(mover);
  ASSERT_TRUE(segment && std::holds_alternative<SegmentMade>(*segment));
  EXPECT_EQ(std::get<SegmentMade>(*segment).error, 0U);
  EXPECT_TRUE(home.has("queue/" + segment_name(1)));
  mover.ended();
}

TEST(Mover, GetsItsTasksAgainAfterItsDeath) {
  const test::TempHome home;
  const Layout layout = home.queue();
  Mover mover(layout);
  ASSERT_TRUE(mover.start());
  ::kill(mover.pid(), SIGKILL);
  reap(mover.pid());
  mover.make_spares(2);
  EXPECT_FALSE(wait_for_result(mover));
  mover.ended();
  ASSERT_TRUE(mover.start());
  const auto spares = wait_for_result(mover);
  ASSERT_TRUE(spares && std::holds_alternative<SparesMade>(*spares));
  EXPECT_EQ(std::get<SparesMade>(*spares).numbers.size(), 2U);
  mover.ended();
}

}  // namespace
}  // namespace qmail::queue
