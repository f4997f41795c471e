#include "core/programs/qmail-remote/delivery.h"

#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "core/programs/qmail-remote/report.h"
#include "core/queue/layout.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_resolver.h"
#include "tests/support/scripted_smtp_server.h"
#include "tests/support/temp_home.h"

namespace qmail::remote {
namespace {

class DeliveryTest : public testing::Test {
 protected:
  DeliveryTest() {
    signals::ignore(SIGPIPE);
    home_.write(std::string("queue/") + queue::tcpto_name, std::string(1024, '\0'));
  }

  /// Connects to nobody but hosts_that_greet_, whose greeting ends the session.
  Connection connect(const Endpoint& server, const std::optional<Ip>& source) {
    tried_.push_back(server.ip.text() + ":" + std::to_string(server.port) +
                     (source ? " from " + source->text() : ""));
    if (source == Ip::parse("192.0.2.250")) return {.source_error = EADDRNOTAVAIL};
    for (const std::string& dead : hosts_that_time_out_)
      if (server.ip == Ip::parse(dead)) return {.timed_out = true};
    for (const std::string& alive : hosts_that_greet_)
      if (server.ip == Ip::parse(alive)) {
        servers_.push_back(
            std::make_unique<test::ScriptedSmtpServer>(std::vector<std::string>{"554 no\r\n"}));
        return {servers_.back()->take_client()};
      }
    return {};
  }

  std::string run(const std::string& host) {
    tried_.clear();
    Reader message(-1);
    World world{.resolver = resolver_,
                .timeouts = timeouts_,
                .clock = clock_,
                .own_addresses =
                    [] {
                      return std::vector{Ip::v4({0, 0, 0, 0}), Ip::parse("192.0.2.100").value()};
                    },
                .process = 0,
                .connect = [this](const Endpoint& server, const std::optional<Ip>& source,
                                  int) { return connect(server, source); },
                .random = [n = 0u]() mutable { return n++; }};
    std::string reports = deliver(host, {"s@a", {"r@b"}, message}, settings_, features_, world, kept_);
    std::replace(reports.begin(), reports.end(), '\0', '|');
    return reports;
  }

  test::TempHome home_;
  Directory opened_ = home_.open();
  queue::TimeoutTable timeouts_{opened_};
  test::FakeClock clock_;
  test::ScriptedResolver resolver_;
  Settings settings_{.helo_host = "me.example", .routes = {}};
  smtpc::Features features_;
  std::unique_ptr<Partner> kept_;
  std::vector<std::string> hosts_that_greet_, hosts_that_time_out_, tried_;
  std::vector<std::unique_ptr<test::ScriptedSmtpServer>> servers_;
};

using Tried = std::vector<std::string>;
const std::string no_connection_report = std::string(no_connection) + "|";

TEST_F(DeliveryTest, TriesEveryExchangerInOrder) {
  resolver_.exchangers["b.example"] = {{20, "two.example"}, {10, "one.example"}};
  resolver_.hosts["one.example"] = {"192.0.2.1", "2001:db8::1"};
  resolver_.hosts["two.example"] = {"192.0.2.2"};
  EXPECT_EQ(run("b.example"), no_connection_report);
  EXPECT_EQ(tried_, (Tried{"192.0.2.1:25", "2001:db8::1:25", "192.0.2.2:25"}));
  hosts_that_greet_ = {"2001:db8::1"};
  EXPECT_EQ(run("b.example"), "ZConnected to 2001:db8::1 but greeting failed.\nRemote host said: 554 no\n|");
  EXPECT_EQ(tried_.size(), 2u);
}

TEST_F(DeliveryTest, SaysWhyThereIsNobodyToConnectTo) {
  resolver_.failing = {"MX down.example"};
  resolver_.exchangers["null.example"] = {{0, ""}};
  EXPECT_EQ(run("no\tne.example\xff"), "DSorry, I couldn't find any host named no?ne.example?. (#5.1.2)\n|");
  EXPECT_EQ(run("down.example"), "ZSorry, I couldn't find any host by that name. (#4.1.2)\n|");
  EXPECT_EQ(run("null.example"), "DSorry, I couldn't find a mail exchanger or IP address. (#5.4.4)\n|");
  EXPECT_TRUE(tried_.empty());
}

TEST_F(DeliveryTest, NeverSendsAwayFromTheBestExchangerToAWorseOne) {
  resolver_.exchangers["b.example"] = {
      {10, "one.example"}, {20, "me.example"}, {20, "two.example"}, {30, "three.example"}};
  resolver_.hosts["one.example"] = {"192.0.2.1"};
  resolver_.hosts["two.example"] = {"192.0.2.2"};
  resolver_.hosts["three.example"] = {"192.0.2.3"};
  resolver_.hosts["me.example"] = {"192.0.2.100"};
  EXPECT_EQ(run("b.example"), no_connection_report);
  EXPECT_EQ(tried_, Tried{"192.0.2.1:25"});
  const std::string myself =
      "DSorry. Although I'm listed as a best-preference MX or A for that host,\n"
      "it isn't in my control/locals file, so I don't treat it as local. (#5.4.6)\n|";
  EXPECT_EQ(run("me.example"), myself);
  EXPECT_EQ(run("[192.0.2.100]"), myself);
  EXPECT_EQ(run("0.0.0.0"), myself);
}

TEST_F(DeliveryTest, FollowsARouteWithoutAskingForExchangers) {
  settings_.routes =
      NoCaseMap::of_pairs({"b.example:relay.example:26", ".c.example:[2001:db8::5]:27",
                           "d.example:", "e.example:me.example", "f.example:relay:99999", ":192.0.2.9"});
  resolver_.hosts["relay.example"] = {"192.0.2.1"};
  resolver_.hosts["me.example"] = {"192.0.2.100"};
  run("B.example");
  EXPECT_EQ(tried_, Tried{"192.0.2.1:26"});
  EXPECT_EQ(resolver_.asked, Tried{"A relay.example"});
  run("x.c.example");
  EXPECT_EQ(tried_, Tried{"2001:db8::5:27"});
  EXPECT_EQ(run("d.example"), "DSorry, I couldn't find any host named d.example. (#5.1.2)\n|");
  run("e.example");
  EXPECT_EQ(tried_, Tried{"192.0.2.100:25"});
  EXPECT_EQ(run("f.example"),
            "ZUnable to make sense of the route relay:99999 in control/smtproutes. (#4.3.5)\n|");
  run("other");
  EXPECT_EQ(tried_, Tried{"192.0.2.9:25"});
}

TEST_F(DeliveryTest, NamesTheRelayThatDoesNotExist) {
  settings_.routes = NoCaseMap::of_pairs({":none.example:26"});
  EXPECT_EQ(run("b.example"), "DSorry, I couldn't find any host named none.example. (#5.1.2)\n|");
}

TEST_F(DeliveryTest, AvoidsHostsThatTimedOutTwice) {
  hosts_that_time_out_ = {"192.0.2.1", "2001:db8::1"};
  resolver_.hosts["b.example"] = hosts_that_time_out_;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(run("b.example"), no_connection_report);
    EXPECT_EQ(tried_.size(), 2u);
    clock_.advance(180);
  }
  EXPECT_EQ(run("b.example"), no_connection_report);
  EXPECT_TRUE(tried_.empty());
  clock_.advance(4000);
  hosts_that_time_out_.clear();
  run("b.example");
  EXPECT_EQ(tried_.size(), 2u);
  EXPECT_TRUE(timeouts_.list().empty());
}

class Router final : public smtpc::Feature {
  smtpc::Routing route(std::string_view host, std::string_view sender) override {
    if (host == "nowhere.example") return smtpc::Refusal{'Z', "no route\n"};
    return smtpc::Route{sender == "s@a" ? "192.0.2.8" : "192.0.2.7", 24};
  }
};

TEST_F(DeliveryTest, LetsAFeatureRouteBeforeSmtproutes) {
  settings_.routes = NoCaseMap::of_pairs({":192.0.2.9"});
  features_.push_back(std::make_unique<Router>());
  run("b.example");
  EXPECT_EQ(tried_, Tried{"192.0.2.8:24"});
  EXPECT_EQ(run("nowhere.example"), "Zno route\n|");
  EXPECT_TRUE(tried_.empty());
}

/// Has addresses of its own.
class Resident final : public smtpc::Feature {
  bool is_own(const Ip& ip, bool by_interface) const override {
    return ip == Ip::parse("192.0.2.50") || (by_interface && ip != Ip::parse("192.0.2.100"));
  }
  std::optional<Ip> source(const smtpc::Destination& destination) const override {
    if (destination.host == "far.example") return Ip::parse("192.0.2.250");
    return destination.server == "one.example" ? Ip::parse("192.0.2.200") : std::nullopt;
  }
};

TEST_F(DeliveryTest, LetsAFeatureSayWhichAddressesAreOurs) {
  resolver_.exchangers["b.example"] = {{10, "one.example"}, {20, "me.example"}, {30, "two.example"}};
  resolver_.hosts["one.example"] = {"192.0.2.1"};
  resolver_.hosts["me.example"] = {"192.0.2.50"};
  resolver_.hosts["two.example"] = {"192.0.2.100"};
  run("b.example");
  EXPECT_EQ(tried_, (Tried{"192.0.2.1:25", "192.0.2.50:25"}));
  features_.push_back(std::make_unique<Resident>());
  run("b.example");
  EXPECT_EQ(tried_, Tried{"192.0.2.1:25 from 192.0.2.200"});
  run("two.example");
  EXPECT_EQ(tried_, Tried{"192.0.2.100:25"});
}

TEST_F(DeliveryTest, SaysWhichAddressItCannotConnectFrom) {
  features_.push_back(std::make_unique<Resident>());
  resolver_.hosts["far.example"] = {"192.0.2.1", "192.0.2.2"};
  EXPECT_EQ(run("far.example"),
            "ZUnable to connect from the address 192.0.2.250: address not available. (#4.3.5)\n|");
  EXPECT_EQ(tried_.size(), 1u);
}

}  // namespace
}  // namespace qmail::remote
