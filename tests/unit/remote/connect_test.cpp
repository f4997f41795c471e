#include <gtest/gtest.h>

#include "core/programs/qmail-remote/delivery.h"

namespace qmail::remote {
namespace {

/// A socket on a free port of `ip`, not yet listening.
struct Bound {
  explicit Bound(const std::string& text) : endpoint{Ip::parse(text).value(), 0, 0} {
    const SocketAddress wanted(endpoint);
    fd = Fd(::socket(wanted.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(fd.get(), wanted.get(), wanted.size()), 0);
    sockaddr_storage given{};
    socklen_t size = sizeof given;
    EXPECT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&given), &size), 0);
    endpoint = endpoint_of(given).value();
  }
  Endpoint endpoint;
  Fd fd;
};

TEST(Connect, ReachesServersOfBothFamilies) {
  for (const char* ip : {"127.0.0.1", "::1"}) {
    const Bound server(ip);
    ASSERT_EQ(::listen(server.fd.get(), 1), 0);
    EXPECT_TRUE(connect_to(server.endpoint, {}, 5).fd) << ip;
    EXPECT_EQ(server.endpoint.ip.text(), ip);
  }
}

TEST(Connect, TellsARefusalFromATimeout) {
  const Bound server("127.0.0.1");
  const Connection refused = connect_to(server.endpoint, {}, 5);
  EXPECT_FALSE(refused.fd);
  EXPECT_FALSE(refused.timed_out);
  // A full backlog answers nobody.
  ASSERT_EQ(::listen(server.fd.get(), 0), 0);
  std::vector<Connection> waiting;
  bool timed_out = false;
  for (int i = 0; i < 5 && !timed_out; ++i) {
    waiting.push_back(connect_to(server.endpoint, {}, 1));
    timed_out = waiting.back().timed_out;
  }
  EXPECT_TRUE(timed_out);
}

TEST(Connect, ComesFromTheAddressItIsTold) {
  const Bound server("127.0.0.1");
  ASSERT_EQ(::listen(server.fd.get(), 1), 0);
  const Connection connection = connect_to(server.endpoint, Ip::parse("127.0.0.2"), 5);
  ASSERT_TRUE(connection.fd);
  sockaddr_storage client{};
  socklen_t size = sizeof client;
  const Fd accepted(::accept4(server.fd.get(), reinterpret_cast<sockaddr*>(&client), &size, SOCK_CLOEXEC));
  ASSERT_TRUE(accepted);
  EXPECT_EQ(endpoint_of(client).value().ip.text(), "127.0.0.2");
}

TEST(Connect, TellsAnAddressThatItCannotComeFrom) {
  const Bound server("127.0.0.1");
  ASSERT_EQ(::listen(server.fd.get(), 1), 0);
  const Connection connection = connect_to(server.endpoint, Ip::parse("192.0.2.250"), 5);
  EXPECT_FALSE(connection.fd);
  EXPECT_EQ(connection.source_error, EADDRNOTAVAIL);
}

}  // namespace
}  // namespace qmail::remote
