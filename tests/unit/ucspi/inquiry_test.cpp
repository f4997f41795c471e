#include "ucspi/lib/inquiry.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_resolver.h"

namespace qmail::ucspi {
namespace {

const Ends ends{.local = {.ip = Ip::parse("192.0.2.9").value(), .port = 25},
                .remote = {.ip = Ip::parse("2001:db8::1").value(), .port = 4321}};

class InquiryTest : public testing::Test {
 protected:
  Peer ask(const Inquiry& inquiry) { return inquire(ends, inquiry, resolver, clock); }
  test::ScriptedResolver resolver;
  test::FakeClock clock;
};

TEST_F(InquiryTest, NamesAreLookedUpAndWrittenSmall) {
  resolver.pointers = {{"192.0.2.9", {"Here.Example"}}, {"2001:db8::1", {"There.Example"}}};
  const Peer peer = ask({});
  EXPECT_EQ(peer.proto, "TCP");
  EXPECT_EQ(peer.local_ip, "192.0.2.9");
  EXPECT_EQ(peer.local_port, "25");
  EXPECT_EQ(peer.local_host, "here.example");
  EXPECT_EQ(peer.remote_ip, "2001:db8::1");
  EXPECT_EQ(peer.remote_port, "4321");
  EXPECT_EQ(peer.remote_host, "there.example");
  EXPECT_EQ(peer.remote_info, "");
}

TEST_F(InquiryTest, NobodyIsAskedForWhatIsNotWanted) {
  const Peer peer = ask({.local_host = "me", .find_remote_host = false});
  EXPECT_EQ(peer.local_host, "me");
  EXPECT_EQ(peer.remote_host, "");
  EXPECT_TRUE(resolver.asked.empty());
}

TEST_F(InquiryTest, AnUnknownNameIsEmptyAndOneWithoutAnswerAsTheCallerSays) {
  resolver.failing = {"PTR 2001:db8::1"};
  EXPECT_EQ(ask({}).local_host, "");
  EXPECT_EQ(ask({}).remote_host, "");
  EXPECT_EQ(ask({.unanswered = "softdnserror"}).local_host, "");
  EXPECT_EQ(ask({.unanswered = "softdnserror"}).remote_host, "softdnserror");
}

TEST(FindEnds, OnlyAConnectedTcpSocketHasTwo) {
  const Pipe pipe = Pipe::make();
  EXPECT_THROW(find_ends(pipe.read.get()), Failure);
  const Fd unconnected(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_THROW(find_ends(unconnected.get()), Failure);
  const Fd local(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_THROW(find_ends(local.get()), Failure);
}

}  // namespace
}  // namespace qmail::ucspi
