#include "core/queue/state.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

using enum Part;

TEST(QueueState, KnowsTheFiveStatesOfInternals) {
  EXPECT_EQ(classify({}), State::none);
  EXPECT_EQ(classify({mess}), State::written);
  EXPECT_EQ(classify({mess, intd}), State::enveloped);
  EXPECT_EQ(classify({mess, todo}), State::queued);
  EXPECT_EQ(classify({mess, intd, todo}), State::queued);
  EXPECT_EQ(classify({mess, todo, info, local, remote}), State::queued);
  EXPECT_EQ(classify({mess, info}), State::preprocessed);
  EXPECT_EQ(classify({mess, info, local, remote, bounce}), State::preprocessed);
}

TEST(QueueState, CallsEverythingElseIllegal) {
  const std::vector<Files> illegal{
      {intd},        {todo},         {info},         {bounce},           {todo, intd},
      {mess, local}, {mess, remote}, {mess, bounce}, {mess, intd, info}, {mess, todo, bounce},
      {info, local}};
  for (const Files& files : illegal) EXPECT_EQ(classify(files), std::nullopt);
}

TEST(QueueState, AsksTheQueueWhichFilesThereAre) {
  const test::TempHome home;
  home.write("queue/mess/20/457", "");
  home.write("queue/todo/457", "");
  EXPECT_EQ(files_of(home.queue(), 457), (Files{mess, todo}));
  EXPECT_EQ(files_of(home.queue(), 458), Files{});
}

}  // namespace
}  // namespace qmail::queue
