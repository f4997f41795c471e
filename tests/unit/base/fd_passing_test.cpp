#include "core/base/fd_passing.h"

#include <array>
#include <cerrno>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace qmail {
namespace {

std::string text_of(const Fd& fd) {
  std::array<char, 100> text{};
  const ssize_t got = ::read(fd.get(), text.data(), text.size());
  return {text.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
}

/// A pipe that gives `text`.
Fd source(std::string_view text) {
  Pipe pipe = Pipe::make();
  EXPECT_EQ(::write(pipe.write.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return std::move(pipe.read);
}

TEST(FdPassing, SendsDescriptorsWithTheBytesTheyWerePutWith) {
  const SocketPair pair = SocketPair::make();
  Outbox outbox;
  outbox.put("none");
  outbox.put("one", source("1"));
  outbox.put("two", source("2"));
  ASSERT_TRUE(outbox.send(pair.one.get()));
  EXPECT_TRUE(outbox.is_empty());
  std::array<char, 100> bytes{};
  std::vector<Fd> fds;
  ASSERT_EQ(receive_with_fds(pair.other.get(), bytes, fds), 10);
  ASSERT_EQ(fds.size(), 2U);
  EXPECT_EQ(text_of(fds[0]), "1");
  EXPECT_EQ(text_of(fds[1]), "2");
  EXPECT_NE(::fcntl(fds[0].get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(FdPassing, KeepsTheOrderOfMoreDescriptorsThanGoAtOnce) {
  constexpr std::size_t count = 3 * most_passed_at_once + 1;
  const SocketPair pair = SocketPair::make();
  Outbox outbox;
  for (std::size_t i = 0; i < count; ++i) outbox.put(std::to_string(i % 10), source(std::to_string(i)));
  ASSERT_TRUE(outbox.send(pair.one.get()));
  ASSERT_TRUE(outbox.is_empty());
  std::vector<Fd> fds;
  for (std::size_t got = 0; got < count;) {
    std::array<char, 7> bytes{};
    const ssize_t size = receive_with_fds(pair.other.get(), bytes, fds);
    ASSERT_GT(size, 0);
    got += static_cast<std::size_t>(size);
    EXPECT_GE(fds.size(), got);  // none comes later than its byte
  }
  ASSERT_EQ(fds.size(), count);
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(text_of(fds[i]), std::to_string(i));
}

TEST(FdPassing, WaitsForASlowReaderAndTellsOfALostOne) {
  SocketPair pair = SocketPair::make();
  Outbox outbox;
  outbox.put(std::string(10'000'000, 'x'), source("1"));
  EXPECT_TRUE(outbox.send(pair.one.get()));
  EXPECT_FALSE(outbox.is_empty());
  pair.other.close();
  EXPECT_FALSE(outbox.send(pair.one.get()));
}

TEST(FdPassing, SendsAndReceivesBytesThroughAPipe) {
  const Pipe pipe = Pipe::make();
  Outbox outbox;
  outbox.put("bytes");
  ASSERT_TRUE(outbox.send(pipe.write.get()));
  std::array<char, 100> bytes{};
  std::vector<Fd> fds;
  EXPECT_EQ(receive_with_fds(pipe.read.get(), bytes, fds), 5);
  EXPECT_TRUE(fds.empty());
}

TEST(FdPassing, FailsAndKeepsNothingWhenThereIsNoRoomForADescriptor) {
  const SocketPair pair = SocketPair::make();
  Outbox outbox;
  outbox.put("bytes", source("1"));
  outbox.put("bytes", source("2"));
  ASSERT_TRUE(outbox.send(pair.one.get()));
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  const int next = ::dup(0);
  ::close(next);
  const rlimit low{.rlim_cur = static_cast<rlim_t>(next) + 1, .rlim_max = old.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &low);
  std::array<char, 100> bytes{};
  std::vector<Fd> fds;
  const ssize_t got = receive_with_fds(pair.other.get(), bytes, fds);
  const int error = errno;
  ::setrlimit(RLIMIT_NOFILE, &old);
  EXPECT_EQ(got, -1);
  EXPECT_EQ(error, EPROTO);
  EXPECT_TRUE(fds.empty());
  const int again = ::dup(0);
  EXPECT_EQ(again, next);  // the one that did come is closed
  ::close(again);
}

}  // namespace
}  // namespace qmail
