#include "core/base/poller.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

namespace qmail {
namespace {

TEST(Poller, CallsWhatBelongsToAReadyDescriptor) {
  const Pipe one = Pipe::make(), other = Pipe::make();
  std::string called;
  Poller poller;
  poller.add(one.read.get(), [&] { called += "one "; });
  poller.add(other.read.get(), [&] { called += "other "; });
  ASSERT_EQ(::write(other.write.get(), "x", 1), 1);
  poller.call_ready();
  EXPECT_EQ(called, "other ");
}

TEST(Poller, TellsOfAnOtherEndThatIsGone) {
  Pipe pipe = Pipe::make();
  bool called = false;
  Poller poller;
  poller.add(pipe.read.get(), [&] { called = true; });
  pipe.write.close();
  poller.call_ready();
  EXPECT_TRUE(called);
}

TEST(Poller, CallsNothingForADescriptorThatWasRemovedOrUsedAgain) {
  Pipe one = Pipe::make(), other = Pipe::make();
  ASSERT_EQ(::write(one.write.get(), "x", 1) + ::write(other.write.get(), "x", 1), 2);
  int called = 0;
  Poller poller;
  // Whichever comes first puts something else in the place of the other.
  const auto replace = [&](Pipe& pipe) {
    ++called;
    poller.remove(pipe.read.get());
    Pipe quiet = Pipe::make();
    ASSERT_GE(::dup2(quiet.read.get(), pipe.read.get()), 0);
    pipe.write = std::move(quiet.write);
    poller.add(pipe.read.get(), [&] { called += 100; });
  };
  poller.add(one.read.get(), [&] { replace(other); });
  poller.add(other.read.get(), [&] { replace(one); });
  poller.call_ready();
  EXPECT_EQ(called, 1);
}

TEST(Poller, CanBeWaitedForItself) {
  const Pipe pipe = Pipe::make();
  Poller poller;
  poller.add(pipe.read.get(), [] {});
  pollfd wanted{poller.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&wanted, 1, 0), 0);
  ASSERT_EQ(::write(pipe.write.get(), "x", 1), 1);
  EXPECT_EQ(::poll(&wanted, 1, 0), 1);
}

}  // namespace
}  // namespace qmail
