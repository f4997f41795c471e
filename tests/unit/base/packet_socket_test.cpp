#include "core/base/packet_socket.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "core/base/fd_passing.h"

using qmail::Fd;
using qmail::PacketSocket;

namespace {

struct Pair {
  qmail::SocketPair ends = qmail::SocketPair::make(SOCK_SEQPACKET);
  PacketSocket here{std::move(ends.one), 200'000};
  PacketSocket there{std::move(ends.other), 200'000};
};

std::string text_of(std::optional<PacketSocket::Packet> packet) {
  return packet ? std::string(packet->bytes) : "(none)";
}

}  // namespace

TEST(PacketSocket, KeepsPacketsApartAndInOrder) {
  Pair pair;
  pair.here.put("one");
  pair.here.put("two");
  EXPECT_EQ(text_of(pair.there.take()), "one");
  EXPECT_EQ(text_of(pair.there.take()), "two");
  EXPECT_FALSE(pair.there.take());
  EXPECT_FALSE(pair.there.is_lost());
}

TEST(PacketSocket, PassesADescriptor) {
  Pair pair;
  Fd file(::memfd_create("attached", MFD_CLOEXEC));
  ASSERT_EQ(::pwrite(file.get(), "bytes", 5, 0), 5);
  pair.here.put("with", std::move(file));
  pair.here.put("without");
  auto with = pair.there.take();
  ASSERT_TRUE(with && with->attached);
  EXPECT_NE(::fcntl(with->attached.get(), F_GETFD) & FD_CLOEXEC, 0);
  char bytes[5];
  EXPECT_EQ(::pread(with->attached.get(), bytes, 5, 0), 5);
  EXPECT_EQ(std::string_view(bytes, 5), "bytes");
  const auto without = pair.there.take();
  EXPECT_TRUE(without && !without->attached);
}

TEST(PacketSocket, KeepsWhatTheSocketDoesNotTakeYet) {
  Pair pair;
  const int packets = 2000;
  for (int i = 0; i < packets; ++i) pair.here.put(std::to_string(i) + std::string(1000, '.'));
  EXPECT_GT(pair.here.backlog(), 0U);
  for (int i = 0; i < packets; ++i) {
    pair.here.flush();
    EXPECT_EQ(text_of(pair.there.take()), std::to_string(i) + std::string(1000, '.'));
  }
  EXPECT_EQ(pair.here.backlog(), 0U);
}

TEST(PacketSocket, CarriesPacketsOfAHundredKilobytes) {
  Pair pair;
  const std::string large(128 << 10, 'x');
  pair.here.put(large);
  EXPECT_EQ(text_of(pair.there.take()), large);
}

TEST(PacketSocket, SaysThatTheOtherEndIsGone) {
  Pair pair;
  pair.there.put("last words");
  { const PacketSocket gone = std::move(pair.there); }
  EXPECT_EQ(text_of(pair.here.take()), "last words");
  EXPECT_FALSE(pair.here.take());
  EXPECT_TRUE(pair.here.is_lost());
}

TEST(PacketSocket, TakesNoPacketThatIsTooLong) {
  auto ends = qmail::SocketPair::make(SOCK_SEQPACKET);
  PacketSocket here(std::move(ends.one), 100), there(std::move(ends.other), 10);
  here.put("eleven bytes");
  EXPECT_FALSE(there.take());
  EXPECT_TRUE(there.is_lost());
}
