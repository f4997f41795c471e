#include "ucspi/lib/relay.h"

#include <csignal>
#include <gtest/gtest.h>

#include "core/base/fd.h"
#include "core/base/io.h"

namespace qmail::ucspi {
namespace {

/// Four pipes: one into and one out of the relay for each way. What is read is there before it starts.
class RelayTest : public testing::Test {
 protected:
  RelayTest() { ::signal(SIGPIPE, SIG_IGN); }

  Way there() {
    return {.from = there_in.read.get(),
            .to = there_out.write.get(),
            .change = [](std::string_view bytes) { return "<" + std::string(bytes) + ">"; },
            .at_end = [this] { ended += "there"; }};
  }
  Way back() {
    return {.from = back_in.read.get(),
            .to = back_out.write.get(),
            .change = [](std::string_view bytes) { return std::string(bytes); },
            .at_end = [this] { ended += "back"; }};
  }
  static void send(Pipe& pipe, std::string_view bytes) {
    ASSERT_TRUE(Writer(pipe.write.get()).put(bytes).flush());
    pipe.write.close();
  }
  static std::string received(Pipe& pipe) {
    pipe.write.close();
    return read_all(pipe.read.get(), 1 << 20, "pipe").value();
  }

  Pipe there_in = Pipe::make(), there_out = Pipe::make(), back_in = Pipe::make(), back_out = Pipe::make();
  std::string ended;
};

TEST_F(RelayTest, BothWaysAreCopiedInPieces) {
  send(there_in, "abcde");
  send(back_in, "0123456789");
  relay(there(), back(), 4);
  EXPECT_EQ(received(there_out), "<abcd><e>");
  EXPECT_EQ(received(back_out), "0123456789");
  EXPECT_EQ(ended, "thereback");
}

TEST_F(RelayTest, ItEndsWithTheWayBack) {
  send(back_in, "x");
  relay(there(), back(), 100);  // nobody closes the way there
  EXPECT_EQ(received(back_out), "x");
  EXPECT_EQ(ended, "back");
}

TEST_F(RelayTest, ItEndsWhenNobodyReadsTheWayBack) {
  send(back_in, "x");
  back_out.read.close();
  relay(there(), back(), 100);
  EXPECT_EQ(ended, "");
}

TEST_F(RelayTest, TheWayBackGoesOnWhenNobodyReadsTheWayThere) {
  send(there_in, "abc");
  there_out.read.close();
  send(back_in, std::string(20, 'x'));
  relay(there(), back(), 1);
  EXPECT_EQ(received(back_out), std::string(20, 'x'));
  EXPECT_EQ(ended, "back");
}

}  // namespace
}  // namespace qmail::ucspi
