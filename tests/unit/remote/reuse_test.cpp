#include <gtest/gtest.h>

#include "tests/unit/remote/delivery_run.h"

namespace qmail::remote {
namespace {

class ReuseTest : public DeliveryRun {};

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

/// Connections are made for one sender.
class OneSenderEach final : public smtpc::Feature {
  std::string sharing(const smtpc::Destination& destination) const override { return destination.sender; }
};

TEST_F(ReuseTest, KeepsAConnectionForThoseMessagesThatTheFeaturesLetShareIt) {
  features_.push_back(std::make_unique<OneSenderEach>());
  scripts_ = {greeting() + message_taken + message_taken, greeting() + message_taken};
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(servers_.size(), 1u);
  sender_ = "other@a";
  EXPECT_EQ(run(), accepted);
  EXPECT_EQ(servers_.size(), 2u);
  EXPECT_EQ(count(0, "MAIL"), 2u);
}

/// Has something done on each connection before messages go over it.
class Introducer final : public smtpc::Feature {
  smtpc::Decision introduced(smtpc::Connection& connection) override {
    connection.session().command("XTEST");
    connection.note("tested");
    return smtpc::go_on;
  }
};

TEST_F(ReuseTest, TakesTheFeaturesStepsOnceForAConnectionAndItsNotesToEachReport) {
  features_.push_back(std::make_unique<Introducer>());
  scripts_ = {greeting() + Script{"250 x\r\n"} + message_taken + message_taken};
  EXPECT_EQ(run(), "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\nConnection: tested\n|");
  EXPECT_EQ(run(), "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\nConnection: tested\n|");
  EXPECT_EQ(count(0, "XTEST"), 1u);
}

}  // namespace
}  // namespace qmail::remote
