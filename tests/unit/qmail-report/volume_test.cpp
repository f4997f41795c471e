#include "core/programs/qmail-report/volume.h"

#include <gtest/gtest.h>

namespace qmail::report {
namespace {

TEST(Volume, CountsByTheMinuteAtFirst) {
  Volume volume(10);
  ++volume.at(65).successes;
  ++volume.at(119).successes;
  ++volume.at(240).failures;
  const auto bins = volume.bins();
  ASSERT_EQ(bins.size(), 4U);
  EXPECT_EQ(bins[0].start, 60);
  EXPECT_EQ(bins[0].successes, 2U);
  EXPECT_EQ(bins[1].deliveries(), 0U);
  EXPECT_EQ(bins[3].failures, 1U);
}

TEST(Volume, TakesLongerPiecesWhenTheTimeDoesNotFit) {
  Volume volume(10);
  for (std::int64_t minute = 0; minute < 35; ++minute) ++volume.at(minute * 60).messages;
  EXPECT_EQ(volume.width_seconds(), 300);
  const auto bins = volume.bins();
  ASSERT_EQ(bins.size(), 7U);
  for (const Bin& bin : bins) EXPECT_EQ(bin.messages, 5U);
}

TEST(Volume, StandsTimesFarApartAndInAnyOrder) {
  Volume volume(10);
  ++volume.at(4'000'000'000).messages;
  ++volume.at(0).messages;
  ++volume.at(2'000'000'000).messages;
  const auto bins = volume.bins();
  ASSERT_LE(bins.size(), 10U);
  std::uint64_t all = 0;
  for (const Bin& bin : bins) all += bin.messages;
  EXPECT_EQ(all, 3U);
}

TEST(Volume, CanBeShownInFewerPieces) {
  Volume volume(100);
  for (std::int64_t minute = 0; minute < 60; ++minute) ++volume.at(minute * 60).deferrals;
  const Volume coarser = volume.coarser(6);
  ASSERT_EQ(coarser.bins().size(), 6U);
  EXPECT_EQ(coarser.bins()[0].deferrals, 10U);
  EXPECT_EQ(volume.bins().size(), 60U);
  EXPECT_TRUE(Volume().coarser(6).bins().empty());
}

}  // namespace
}  // namespace qmail::report
