#include "ucspi/tcpclient/dial.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "tests/support/addresses.h"
#include "tests/support/scripted_resolver.h"
#include "ucspi/lib/inquiry.h"
#include "ucspi/lib/listener.h"

namespace qmail::ucspi {
namespace {

using test::ip;

const Ip here = ip("127.0.0.1"), also_here = ip("127.0.0.2");

/// A listener at `address` whose port answers nobody any more: its queue is full.
struct Silence {
  explicit Silence(const Ip& address) : listener(listen_on({.ip = address, .port = 0}, 0)) {
    const SocketAddress to({.ip = address, .port = port()});
    for (bool is_taken = true; is_taken;) {
      waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      ::connect(waiting.back().get(), to.get(), to.size());
      pollfd done{waiting.back().get(), POLLOUT, 0};
      is_taken = ::poll(&done, 1, 300) == 1;
    }
  }
  std::uint16_t port() const { return local_endpoint(listener)->port; }

  Fd listener;
  std::vector<Fd> waiting;
};

/// What dial() did: where it got to, and what it said.
struct Dialled {
  std::optional<Ip> reached;
  std::string said;
};

Dialled dial_all(const std::vector<Ip>& ips, std::uint16_t port, Patience patience) {
  Pipe log = Pipe::make();
  ClientOptions options;
  options.patience = patience;
  const auto socket = dial(ips, port, options, ClientLog(log.write.get()));
  log.write.close();
  Dialled dialled{.reached = std::nullopt, .said = read_all(log.read.get(), 1 << 16, "log").value()};
  if (socket) {
    dialled.reached = find_ends(socket->get()).remote.ip;
    EXPECT_EQ(::fcntl(socket->get(), F_GETFL) & O_NONBLOCK, 0);
  }
  return dialled;
}

std::string complaint(const char* address, std::uint16_t port, const char* why) {
  return std::string("tcpclient: unable to connect to ") + address + " port " + std::to_string(port) + ": " +
         why + "\n";
}

TEST(Dial, TheNextAddressIsTriedWhenOneRefuses) {
  const Fd listener = listen_on({.ip = also_here, .port = 0}, 5);
  const std::uint16_t port = local_endpoint(listener)->port;
  const auto dialled = dial_all({here, also_here}, port, {2, 58});
  EXPECT_EQ(dialled.reached, also_here);
  EXPECT_EQ(dialled.said, complaint("127.0.0.1", port, "connection refused"));
}

TEST(Dial, TheNextAddressIsTriedWhenOneIsSilentAndNothingIsSaid) {
  const Silence silence(here);
  const Fd listener = listen_on({.ip = also_here, .port = silence.port()}, 5);
  const auto dialled = dial_all({here, also_here}, silence.port(), {0, 58});
  EXPECT_EQ(dialled.reached, also_here);
  EXPECT_EQ(dialled.said, "");
}

TEST(Dial, AddressesOfBothFamiliesAreTriedInTurn) {
  Fd listener;
  try {
    listener = listen_on({.ip = ip("::1"), .port = 0}, 5);
  } catch (const Failure&) {
    GTEST_SKIP() << "no IPv6 here";
  }
  const std::uint16_t port = local_endpoint(listener)->port;
  const auto dialled = dial_all({here, ip("::1")}, port, {2, 58});
  EXPECT_EQ(dialled.reached, ip("::1"));
  EXPECT_EQ(dialled.said, complaint("127.0.0.1", port, "connection refused"));
}

TEST(Dial, SilentAddressesAreTriedOnceMore) {
  const Silence silence(here);
  const auto dialled = dial_all({here, also_here}, silence.port(), {0, 1});
  EXPECT_EQ(dialled.reached, std::nullopt);
  // The silent one comes last: only its second attempt is told.
  EXPECT_EQ(dialled.said, complaint("127.0.0.2", silence.port(), "connection refused") +
                              complaint("127.0.0.1", silence.port(), "timed out"));
}

TEST(Dial, WithoutASecondTimeSilenceIsToldAtOnce) {
  const Silence silence(here);
  const auto dialled = dial_all({here, also_here}, silence.port(), {0, 0});
  EXPECT_EQ(dialled.said, complaint("127.0.0.1", silence.port(), "timed out") +
                              complaint("127.0.0.2", silence.port(), "connection refused"));
}

TEST(Dial, AForeignLocalAddressIsAFailure) {
  ClientOptions options;
  options.local_ip = ip("192.0.2.77");
  EXPECT_THROW(dial({here}, 1, options, ClientLog(2)), Failure);
}

class FindServer : public testing::Test {
 protected:
  std::vector<Ip> find(const std::string& host, Family family = Family::any) {
    return find_server(host, {host + ".first", host + ".second"}, family, resolver);
  }
  std::string failure(const std::string& host, Family family = Family::any) {
    try {
      find(host, family);
    } catch (const Failure& caught) {
      EXPECT_EQ(caught.code(), Exit::temporary);
      return caught.what();
    }
    return "";
  }
  test::ScriptedResolver resolver;
};

TEST_F(FindServer, NothingAnd0AreThisMachine) {
  for (const char* host : {"", "0"}) {
    EXPECT_EQ(find(host), std::vector{here});
    EXPECT_EQ(find(host, Family::v4), std::vector{here});
    EXPECT_EQ(find(host, Family::v6), std::vector{ip("::1")});
  }
  EXPECT_TRUE(resolver.asked.empty());
}

TEST_F(FindServer, AnAddressIsItself) {
  EXPECT_EQ(find_server("::1", {"::1"}, Family::any, resolver), std::vector{ip("::1")});
  EXPECT_EQ(find_server("[192.0.2.1]", {"[192.0.2.1]"}, Family::any, resolver), std::vector{ip("192.0.2.1")});
  EXPECT_TRUE(resolver.asked.empty());
}

TEST_F(FindServer, TheFirstNameThatExistsCounts) {
  resolver.hosts = {{"h.second", {"192.0.2.1", "2001:db8::1"}}};
  EXPECT_EQ(find("h"), (std::vector{ip("192.0.2.1"), ip("2001:db8::1")}));
  EXPECT_EQ(find("h", Family::v4), std::vector{ip("192.0.2.1")});
  EXPECT_EQ(find("h", Family::v6), std::vector{ip("2001:db8::1")});
}

TEST_F(FindServer, NoAddressIsAFailure) {
  resolver.hosts = {{"four.first", {"192.0.2.1"}}};
  resolver.failing = {"A late.first"};
  EXPECT_EQ(failure("nowhere"), "no IP address for nowhere");
  EXPECT_EQ(failure("four", Family::v6), "no IP address for four");
  EXPECT_EQ(failure("late"), "temporarily unable to figure out IP address for late");
}

}  // namespace
}  // namespace qmail::ucspi
