#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "core/programs/qmail-remote/delivery.h"
#include "core/queue/layout.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_resolver.h"
#include "tests/support/scripted_smtp_server.h"
#include "tests/support/temp_home.h"

namespace qmail::remote {
namespace {

using Script = std::vector<std::string>;
constexpr const char* no_answer = test::ScriptedSmtpServer::silence;
const std::string accepted = "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\n|";

Script greeting() { return {"220 hi\r\n", "250-me\r\n250 PIPELINING\r\n"}; }
Script operator+(Script a, const Script& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
const Script message_taken{"250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok\r\n"};

class ReuseTest : public testing::Test {
 protected:
  ReuseTest() {
    signals::ignore(SIGPIPE);
    home_.write(std::string("queue/") + queue::tcpto_name, std::string(1024, '\0'));
  }

  Connection connect(const Endpoint&) {
    if (scripts_.empty()) return {};
    servers_.push_back(std::make_unique<test::ScriptedSmtpServer>(scripts_.front()));
    scripts_.erase(scripts_.begin());
    return {servers_.back()->take_client()};
  }

  std::string run(const std::string& host = "192.0.2.1") {
    Pipe pipe = Pipe::make();
    Writer(pipe.write.get()).put("x\n").flush_or_throw("message");
    pipe.write.close();
    Reader message(pipe.read.get());
    World world{.resolver = resolver_,
                .timeouts = timeouts_,
                .clock = clock_,
                .own_addresses = [] { return std::vector<Ip>(); },
                .process = 0,
                .connect = [this](const Endpoint& server, int) { return connect(server); },
                .random = [] { return 0u; }};
    std::string reports = deliver(host, {"s@a", {"r@b"}, message}, settings_, features_, world, kept_);
    std::replace(reports.begin(), reports.end(), '\0', '|');
    return reports;
  }

  /// How often a server heard `what` once the kept connection has ended.
  std::size_t count(std::size_t server, std::string_view what) {
    kept_.reset();
    const std::string& heard = servers_.at(server)->heard();
    std::size_t found = 0;
    for (std::size_t at = heard.find(what); at != std::string::npos; at = heard.find(what, at + 1)) ++found;
    return found;
  }

  test::TempHome home_;
  Directory opened_ = home_.open();
  queue::TimeoutTable timeouts_{opened_};
  test::FakeClock clock_;
  test::ScriptedResolver resolver_;
  Settings settings_{.helo_host = "me.example", .routes = {}, .keep_seconds = 5};
  smtpc::Features features_;
  std::vector<Script> scripts_;
  std::vector<std::unique_ptr<test::ScriptedSmtpServer>> servers_;
  std::unique_ptr<Partner> kept_;
};

TEST_F(ReuseTest, SendsTheNextMessageOnTheSameConnection) {
  scripts_ = {greeting() + message_taken + message_taken};
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(run("[192.0.2.1]"), accepted);
  EXPECT_EQ(servers_.size(), 1u);
  EXPECT_EQ(count(0, "QUIT\r\n"), 1u);
}

TEST_F(ReuseTest, EndsTheConnectionBeforeGoingElsewhere) {
  scripts_ = {greeting() + message_taken, {"554 no\r\n"}};
  run();
  EXPECT_EQ(run("192.0.2.2"), "ZConnected to 192.0.2.2 but greeting failed.\nRemote host said: 554 no\n|");
  EXPECT_EQ(count(0, "QUIT\r\n"), 1u);
}

TEST_F(ReuseTest, KeepsNothingIfToldSo) {
  settings_.keep_seconds = 0;
  scripts_ = {greeting() + message_taken};
  run();
  EXPECT_FALSE(kept_);
}

TEST_F(ReuseTest, TakesAnotherConnectionForOneThatIsDead) {
  // The server hangs up right after the message.
  scripts_ = {greeting() + Script{"250 s\r\n", "250 r\r\n", "354 go\r\n", "200 bye\r\n"},
              greeting() + message_taken};
  EXPECT_EQ(run(), "r|K192.0.2.1 accepted message.\nRemote host said: 200 bye\n|");
  servers_[0]->wait_until_over();
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(servers_.size(), 2u);
}

TEST_F(ReuseTest, TakesAnotherConnectionForOneThatDiesAtMail) {
  for (const char* last_words : {"421 idle\r\n", ""}) {
    kept_.reset();
    servers_.clear();
    scripts_ = {greeting() + message_taken + Script{last_words}, greeting() + message_taken};
    EXPECT_EQ(run(), accepted);
    EXPECT_EQ(run(), accepted);
    EXPECT_EQ(servers_.size(), 2u);
  }
}

TEST_F(ReuseTest, TakesAnotherConnectionForOneThatSpokeUnasked) {
  scripts_ = {greeting() + Script{"250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok\r\n421 bye\r\n", no_answer},
              greeting() + message_taken};
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(servers_.size(), 2u);
  EXPECT_EQ(count(0, "MAIL"), 1u);
}

TEST_F(ReuseTest, NeverSendsAMessageAgainThatMayHaveArrived) {
  scripts_ = {greeting() + message_taken + Script{"250 s\r\n", "250 r\r\n", "354 go\r\n", ""},
              greeting() + message_taken};
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(run(), "r|ZConnected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)\n|");
  EXPECT_EQ(servers_.size(), 1u);
}

TEST_F(ReuseTest, ResetsTheServerAfterAMessageItRefused) {
  const std::string refused = "r|D192.0.2.1 failed on DATA command.\nRemote host said: 554 no\n|";
  scripts_ = {greeting() + Script{"250 s\r\n", "250 r\r\n", "554 no\r\n", "250 reset\r\n"} + message_taken};
  EXPECT_EQ(run(), refused);
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(servers_.size(), 1u);
  EXPECT_EQ(count(0, "RSET\r\nMAIL"), 1u);

  servers_.clear();
  scripts_ = {greeting() + Script{"250 s\r\n", "250 r\r\n", "554 no\r\n", "500 what?\r\n", no_answer},
              greeting() + message_taken};
  EXPECT_EQ(run(), refused);
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(servers_.size(), 2u);
  EXPECT_EQ(count(0, "MAIL"), 1u);
}

TEST_F(ReuseTest, SendsNoMoreThanAHundredMessages) {
  Script many = greeting();
  for (unsigned i = 0; i < Partner::most_messages; ++i) many = many + message_taken;
  scripts_ = {many, greeting() + message_taken};
  for (unsigned i = 0; i <= Partner::most_messages; ++i) EXPECT_EQ(run(), accepted) << i;
  EXPECT_EQ(servers_.size(), 2u);
  EXPECT_EQ(count(0, "MAIL"), Partner::most_messages);
}

class Silent final : public smtpc::Feature {};

TEST_F(ReuseTest, KeepsNoConnectionThatAFeatureMayHaveChanged) {
  features_.push_back(std::make_unique<Silent>());
  scripts_ = {greeting() + message_taken};
  run();
  EXPECT_FALSE(kept_);
}

}  // namespace
}  // namespace qmail::remote
