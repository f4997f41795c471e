#include "core/pop3/connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "core/base/fd_passing.h"

namespace qmail::pop3 {
namespace {

TEST(Pop3Request, IsACommandAndWhatStandsBehindItsBlanks) {
  const auto is = [](const Request& request, std::string_view verb, std::string_view arg) {
    return request.verb == verb && request.arg == arg;
  };
  using namespace std::string_view_literals;
  EXPECT_TRUE(is(parse_request("STAT"), "STAT", ""));
  EXPECT_TRUE(is(parse_request("USER   a b "), "USER", "a b "));
  EXPECT_TRUE(is(parse_request(""), "", ""));
  EXPECT_TRUE(is(parse_request(" x"), "", "x"));
  EXPECT_TRUE(is(parse_request("LIST  "), "LIST", ""));
  EXPECT_TRUE(is(parse_request("USER a\0b"sv), "USER", "a"));
  EXPECT_TRUE(is(parse_request("US\0ER a"sv), "US", ""));
}

class Pop3Connection : public testing::Test {
 protected:
  void say(std::string_view text) {
    ASSERT_EQ(::send(ends_.other.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  std::string left(int fd) const {
    std::string text(1000, '\0');
    const ssize_t got = ::recv(fd, text.data(), text.size(), MSG_DONTWAIT);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }
  SocketPair ends_ = SocketPair::make();
};

TEST_F(Pop3Connection, LeavesWhatIsBehindALineToTheNextReader) {
  say("USER me\r\nPASS x\r\nSTAT\r\n");
  Connection connection(ends_.one.get(), ends_.one.get(), Connection::Reading::exact);
  EXPECT_EQ(connection.next()->arg, "me");
  EXPECT_EQ(connection.next()->arg, "x");
  EXPECT_EQ(left(ends_.one.get()), "STAT\r\n");
}

TEST_F(Pop3Connection, AnswersWhenItHasToWait) {
  say("NOOP\r\nNOOP\r\nQUIT\r\n");
  Connection connection(ends_.one.get(), ends_.one.get(), Connection::Reading::ahead);
  for (const std::string_view verb : {"NOOP", "NOOP"}) {
    EXPECT_EQ(connection.next()->verb, verb);
    connection.ok();
    EXPECT_EQ(left(ends_.other.get()), "");
  }
  EXPECT_EQ(connection.next()->verb, "QUIT");
  connection.err("no");
  ::shutdown(ends_.other.get(), SHUT_WR);
  EXPECT_FALSE(connection.next());
  EXPECT_EQ(left(ends_.other.get()), "+OK \r\n+OK \r\n-ERR no\r\n");
}

TEST_F(Pop3Connection, TakesALineThatIsCutForNone) {
  say("NOOP");
  ::shutdown(ends_.other.get(), SHUT_WR);
  Connection connection(ends_.one.get(), ends_.one.get(), Connection::Reading::ahead);
  EXPECT_FALSE(connection.next());
}

}  // namespace
}  // namespace qmail::pop3
