#include <gtest/gtest.h>

#include "tests/unit/remote/delivery_run.h"

namespace qmail::remote {
namespace {

/// What features do to connections before messages go over them.
class OpeningTest : public DeliveryRun {
 protected:
  /// From now on the TLS process takes every connection, and leads to a server that does as the next script
  /// says.
  void have_tls() {
    securer_ = {.is_there = [] { return true; },
                .secure = [this](const tls::Request&, Reader&, Writer&) -> tls::Outcome {
                  auto line = connect({});
                  if (!line.fd) return tls::NotSecured{tls::NotSecured::Reason::failed, "no agreement"};
                  Environment facts;
                  facts.set("SSL_PROTOCOL", "TLSv1.3");
                  return tls::Secured{std::move(line.fd), facts};
                }};
  }
};

/// STARTTLS, and without agreement another connection.
class Starter final : public smtpc::Feature {
  smtpc::Decision introduced(smtpc::Connection& connection) override {
    if (connection.is_second() || !connection.can_be_secured()) return smtpc::go_on;
    const auto answer = connection.session().command("STARTTLS");
    if (!answer || answer->refuses()) return connection.failure("but STARTTLS was refused", answer);
    const auto outcome = connection.secure({.role = tls::Role::client});
    if (const auto* failed = std::get_if<tls::NotSecured>(&outcome)) return smtpc::StartAnew{failed->text};
    connection.note("over " + std::string(std::get<Environment>(outcome).find("SSL_PROTOCOL").value()));
    if (auto failure = connection.introduce()) return std::move(*failure);
    return smtpc::go_on;
  }
};

TEST_F(OpeningTest, GoesOnOverASecuredConnectionAndForgetsWhatWasSaidBefore) {
  features_.push_back(std::make_unique<Starter>());
  have_tls();
  scripts_ = {
      {"220 hi\r\n", "250-me\r\n250-PIPELINING\r\n250 STARTTLS\r\n", "220 go\r\n250 injected\r\n", no_answer},
      Script{"250 me\r\n"} + message_taken + message_taken};
  const std::string over_tls =
      "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\nConnection: over TLSv1.3\n|";
  EXPECT_EQ(run(), over_tls);
  EXPECT_EQ(run(), over_tls);
  EXPECT_EQ(count(0, "STARTTLS"), 1u);
  EXPECT_EQ(count(0, "MAIL"), 0u);
  EXPECT_EQ(servers_[1]->heard().substr(0, 25), "EHLO me.example\r\nMAIL FRO");
  EXPECT_EQ(count(1, "MAIL"), 2u);
  EXPECT_EQ(count(1, "QUIT"), 1u);
}

TEST_F(OpeningTest, TakesAnotherConnectionIfAFeatureWantsOne) {
  features_.push_back(std::make_unique<Starter>());
  have_tls();
  const Script start{"220 hi\r\n", "250 me\r\n", "220 go\r\n", no_answer};
  securer_.secure = [](const tls::Request&, Reader&, Writer&) -> tls::Outcome {
    return tls::NotSecured{tls::NotSecured::Reason::failed, "no\nagreement"};
  };
  scripts_ = {start, greeting() + message_taken};
  EXPECT_EQ(run(), "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\nConnection: no?agreement\n|");
  EXPECT_EQ(count(0, "QUIT"), 0u);
  EXPECT_EQ(servers_.size(), 2u);
}

TEST_F(OpeningTest, SaysSoIfThereIsNoOtherConnection) {
  features_.push_back(std::make_unique<Starter>());
  have_tls();
  scripts_ = {{"220 hi\r\n", "250 me\r\n", "220 go\r\n", no_answer}};
  EXPECT_EQ(run(), "ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n|");
}

class NeverSatisfied final : public smtpc::Feature {
  smtpc::Decision connected(smtpc::Connection&) override { return smtpc::StartAnew{}; }
};

TEST_F(OpeningTest, TriesAServerNoMoreThanTwice) {
  features_.push_back(std::make_unique<NeverSatisfied>());
  scripts_ = {{"220 hi\r\n"}, {"220 hi\r\n"}, {"220 hi\r\n"}};
  EXPECT_EQ(run(), "ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n|");
  EXPECT_EQ(servers_.size(), 2u);
}

/// What features are told of where the connection leads.
class Witness final : public smtpc::Feature {
 public:
  explicit Witness(std::vector<std::string>& seen) : seen_(seen) {}

 private:
  smtpc::Decision connected(smtpc::Connection& connection) override {
    const smtpc::Destination& to = connection.destination();
    seen_.push_back(to.host + " " + to.sender + " " + to.server + " " + to.next_hop() + " " +
                    to.address.ip.text() + ":" + std::to_string(to.address.port));
    return smtpc::Refusal{'Z', "seen\n"};
  }
  std::vector<std::string>& seen_;
};

TEST_F(OpeningTest, TellsTheFeaturesWhereTheConnectionLeads) {
  std::vector<std::string> seen;
  features_.push_back(std::make_unique<Witness>(seen));
  resolver_.exchangers["b.example"] = {{10, "mx.example"}};
  resolver_.hosts["mx.example"] = {"192.0.2.1"};
  settings_.routes = NoCaseMap::of_pairs({"c.example:mx.example:26"});
  scripts_ = {{"220 hi\r\n"}, {"220 hi\r\n"}, {"220 hi\r\n"}};
  EXPECT_EQ(run("b.example"), "Zseen\n|");
  run("c.example");
  run("[192.0.2.1]");
  EXPECT_EQ(seen, (std::vector<std::string>{"b.example s@a mx.example b.example 192.0.2.1:25",
                                            "c.example s@a mx.example mx.example 192.0.2.1:26",
                                            "[192.0.2.1] s@a 192.0.2.1 [192.0.2.1] 192.0.2.1:25"}));
}

}  // namespace
}  // namespace qmail::remote
