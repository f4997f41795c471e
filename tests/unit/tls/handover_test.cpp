#include "core/tls/handover.h"

#include <functional>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/fd_passing.h"
#include "core/base/spawn.h"
#include "core/base/unix_address.h"
#include "tests/support/temp_home.h"

namespace qmail::tls {
namespace {

using Reason = NotSecured::Reason;

/// What a TLS process was given.
struct Given {
  std::optional<Request> request;
  std::vector<Fd> fds;
};

/// Plays the TLS process of a home in a child: takes one request and does `work` with it.
class ScriptedProcess {
 public:
  using Work = std::function<void(const Fd& control, Given& given)>;

  ScriptedProcess(const Directory& home, const char* name, const Work& work) {
    Fd listener(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    const auto address = address_of(home, name);
    EXPECT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    child_ = ::fork();
    if (child_ != 0) return;
    const Fd control(::accept(listener.get(), nullptr, nullptr));
    std::string room(longest_packet, '\0');
    Given given;
    const ssize_t got = receive_with_fds(control.get(), room, given.fds);
    given.request =
        parse_request(std::string_view(room).substr(0, got > 0 ? static_cast<std::size_t>(got) : 0));
    work(control, given);
    ::_exit(0);
  }
  ~ScriptedProcess() { reap(child_); }

 private:
  pid_t child_ = -1;
};

void answer(const Fd& control, const std::string& packet) {
  ASSERT_EQ(::send(control.get(), packet.data(), packet.size(), 0), static_cast<ssize_t>(packet.size()));
}

class HandoverTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(home_.path() / "run/tls"); }

  Outcome hand_over(const Request& request = {}) {
    return secure(home_.open(), request, network_.one.get(), network_.one.get(), clock_);
  }
  static void expect_failure(const Outcome& outcome, Reason reason, const std::string& text) {
    const auto* failed = std::get_if<NotSecured>(&outcome);
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->reason, reason);
    EXPECT_NE(failed->text.find(text), std::string::npos) << failed->text;
  }

  test::TempHome home_;
  SystemClock clock_;
  SocketPair network_ = SocketPair::make();
};

TEST_F(HandoverTest, GivesTheConnectionAndTakesPlainText) {
  const ScriptedProcess process(home_.open(), server_socket, [](const Fd& control, Given& given) {
    if (!given.request || given.fds.size() != 3) ::_exit(1);
    answer(control, encode_answer({.kind = Answer::Kind::secured, .facts = {{"SSL_PROTOCOL", "TLSv1.3"}}}));
    // What goes to the plain end comes out of the network, and the reverse.
    char byte = 0;
    static_cast<void>(!::read(given.fds[2].get(), &byte, 1));
    static_cast<void>(!::write(given.fds[1].get(), &byte, 1));
  });
  auto outcome = hand_over();
  auto* secured = std::get_if<Secured>(&outcome);
  ASSERT_NE(secured, nullptr);
  EXPECT_EQ(secured->facts.get("SSL_PROTOCOL"), "TLSv1.3");
  ASSERT_EQ(::write(secured->plain.get(), "x", 1), 1);
  char byte = 0;
  ASSERT_EQ(::read(network_.other.get(), &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
}

TEST_F(HandoverTest, SaysWhatTheProcessSays) {
  for (const auto& [kind, reason] : {std::pair(Answer::Kind::failed, Reason::failed),
                                     std::pair(Answer::Kind::unverified, Reason::unverified),
                                     std::pair(Answer::Kind::refused, Reason::refused)}) {
    std::filesystem::remove(home_.path() / client_socket);
    const ScriptedProcess process(home_.open(), client_socket, [kind = kind](const Fd& control, Given&) {
      answer(control, encode_answer({.kind = kind, .why = "no\r\nshared cipher"}));
    });
    expect_failure(hand_over({.role = Role::client}), reason, "no??shared cipher");
  }
}

TEST_F(HandoverTest, WithNobodyThereNothingIsTouched) {
  expect_failure(hand_over(), Reason::unavailable, "file does not exist");
  ASSERT_EQ(::write(network_.other.get(), "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(::read(network_.one.get(), &byte, 1), 1);
}

TEST_F(HandoverTest, AProcessThatIsGoneOrTalksNonsenseHasFailed) {
  {
    const ScriptedProcess process(home_.open(), server_socket, [](const Fd&, Given&) {});
    expect_failure(hand_over(), Reason::failed, "the TLS process is gone");
  }
  std::filesystem::remove(home_.path() / server_socket);
  const ScriptedProcess process(home_.open(), server_socket,
                                [](const Fd& control, Given&) { answer(control, "nonsense"); });
  expect_failure(hand_over(), Reason::failed, "the TLS process is gone");
}

TEST_F(HandoverTest, NothingReadBeforeTheHandshakeSurvivesIt) {
  const ScriptedProcess process(home_.open(), server_socket, [](const Fd& control, Given& given) {
    answer(control, encode_answer({.kind = Answer::Kind::secured}));
    static_cast<void>(!::write(given.fds[2].get(), "secured\n", 8));
  });
  Reader in(network_.one.get());
  Writer out(network_.one.get());
  const std::string sent = "STARTTLS\r\nRCPT TO:<injected@example.org>\r\n";
  ASSERT_EQ(::write(network_.other.get(), sent.data(), sent.size()), static_cast<ssize_t>(sent.size()));
  std::string line;
  ASSERT_TRUE(in.line(line));
  ASSERT_TRUE(in.has_buffered());
  out.put("220 ready\r\n");
  auto outcome = secure(home_.open(), {}, in, out, clock_);
  auto* secured = std::get_if<Secured>(&outcome);
  ASSERT_NE(secured, nullptr);
  EXPECT_FALSE(in.has_buffered());
  std::string heard(100, '\0');
  ASSERT_EQ(::read(network_.other.get(), heard.data(), heard.size()), 11);  // the reply went before
  Reader plain(secured->plain.get());
  ASSERT_TRUE(plain.line(line));
  EXPECT_EQ(line, "secured");
}

TEST_F(HandoverTest, WhetherSomebodyIsThereCanBeKnownBeforeAnythingIsSaid) {
  const auto nobody = reach(home_.open(), Role::server, 1);
  ASSERT_TRUE(std::holds_alternative<NotSecured>(nobody));
  EXPECT_EQ(std::get<NotSecured>(nobody).reason, Reason::unavailable);
  const ScriptedProcess process(home_.open(), server_socket, [](const Fd& control, Given&) {
    answer(control, encode_answer({.kind = Answer::Kind::secured}));
  });
  const auto reached = reach(home_.open(), Role::server, 20);
  ASSERT_TRUE(std::holds_alternative<Fd>(reached));
  Reader in(network_.one.get());
  Writer out(network_.one.get());
  out.put("220 ready\r\n");
  EXPECT_TRUE(std::holds_alternative<Secured>(secure_by(std::get<Fd>(reached), {}, in, out, clock_)));
  std::string heard(100, '\0');
  EXPECT_EQ(::read(network_.other.get(), heard.data(), heard.size()), 11);
}

TEST_F(HandoverTest, IsOfferedWhereTheSocketIs) {
  EXPECT_FALSE(is_offered(home_.open(), Role::server));
  home_.write(server_socket, "");
  EXPECT_TRUE(is_offered(home_.open(), Role::server));
  EXPECT_FALSE(is_offered(home_.open(), Role::client));
}

TEST(Facts, TakeThePlaceOfThoseOfAnOuterConnection) {
  const Environment before{
      {"PATH", "/bin"}, {"SSL_PROTOCOL", "TLSv1.2"}, {"SSL_CLIENT_S_DN", "/CN=stale"}, {"SSLX", "x"}};
  const Environment after = with_facts(before, {{"SSL_PROTOCOL", "TLSv1.3"}, {"SSL_SERVER_S_DN", "/CN=a=b"}});
  EXPECT_EQ(after.entries(), (std::vector<std::string>{"PATH=/bin", "SSLX=x", "SSL_PROTOCOL=TLSv1.3",
                                                       "SSL_SERVER_S_DN=/CN=a=b"}));
}

}  // namespace
}  // namespace qmail::tls
