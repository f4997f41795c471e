#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "tests/support/server_connection.h"
#include "tests/support/temp_home.h"

namespace qmail::features {

smtpc::Configure configure_smtp_auth_client;

namespace {

using Script = std::vector<std::string>;
constexpr const char* silence = test::ScriptedSmtpServer::silence;

class SmtpAuthClientTest : public testing::Test {
 protected:
  SmtpAuthClientTest() {
    signals::ignore(SIGPIPE);
    std::filesystem::create_directory(home_.path() / "control");
  }

  bool configure(const std::string& file, const std::string& lines, mode_t mode = 0600) {
    home_.write("control/" + file, lines);
    ::chmod((home_.path() / "control" / file).c_str(), mode);
    const Control control(home_.open().sub("control"));
    feature_ = configure_smtp_auth_client({control, environment_});
    return feature_ != nullptr;
  }
  /// "as usual", HOST:PORT, or the report.
  std::string route(std::string_view host, std::string_view sender) {
    const auto routing = feature_->route(host, sender);
    if (const auto* refusal = std::get_if<smtpc::Refusal>(&routing)) return refusal->kind + refusal->text;
    const auto* relay = std::get_if<smtpc::Route>(&routing);
    return relay == nullptr ? "as usual" : relay->host + ":" + std::to_string(relay->port);
  }
  /// Over a connection to relay.example:587, where a server offers `words`.
  std::string introduced(const std::string& words, bool secured, const Script& more,
                         const std::string& address = "192.0.2.1") {
    Script script{"220 hi\r\n", "250-mx\r\n250 " + words + "\r\n"};
    script.insert(script.end(), more.begin(), more.end());
    test::ServerConnection connection({.host = "b.example",
                                       .sender = "joe@a.example",
                                       .server = "relay.example",
                                       .is_relay = true,
                                       .address = {Ip::parse(address).value(), 587}},
                                      script);
    connection.secured = secured;
    connection.session().read_reply();
    connection.session().introduce("me.example");
    const std::string outcome = test::text_of(feature_->introduced(connection));
    heard_ = connection.heard();
    return outcome;
  }

  test::TempHome home_;
  Environment environment_;
  std::unique_ptr<smtpc::Feature> feature_;
  std::string heard_;
};

TEST_F(SmtpAuthClientTest, IsAbsentWithoutLogins) {
  const Control control(home_.open().sub("control"));
  EXPECT_FALSE(configure_smtp_auth_client({control, environment_}));
  EXPECT_FALSE(configure("smtproutes", ":relay.example:587\n", 0644));
  EXPECT_FALSE(configure("authsenders", ""));
}

TEST_F(SmtpAuthClientTest, RoutesByTheSender) {
  ASSERT_TRUE(configure("authsenders", "joe@a.example:relay.example:587|joe|secret\n"));
  EXPECT_EQ(route("b.example", "Joe@A.example"), "relay.example:587");
  EXPECT_EQ(route("b.example", "jim@a.example"), "as usual");
}

TEST_F(SmtpAuthClientTest, RoutesByTheHostWhereSmtproutesHasALogin) {
  ASSERT_TRUE(configure("smtproutes", "b.example:relay.example:26|joe|secret\nc.example:other.example\n"));
  EXPECT_EQ(route("b.example", "joe@a.example"), "relay.example:26");
  EXPECT_EQ(route("c.example", "joe@a.example"), "as usual");
}

TEST_F(SmtpAuthClientTest, DefersWhatItCannotUnderstandAndShowsNoPassword) {
  ASSERT_TRUE(configure("authsenders", "joe@a.example:relay.example|secret\n"));
  EXPECT_EQ(route("b.example", "joe@a.example"),
            "ZUnable to make sense of the line for \"joe@a.example\" in control/authsenders. (#4.3.5)\n");
  EXPECT_EQ(route("b.example", "jim@a.example"), "as usual");
}

TEST_F(SmtpAuthClientTest, ComplainsOfWhatItDoesNotUse) {
  home_.write("control/authsenders", "joe@a:relay|joe|secret\njim@a:relay|secret\n");
  home_.write("control/smtproutes", ":relay\n");
  const Control control(home_.open().sub("control"));
  for (const char* file : {"authsenders", "smtproutes"})
    ::chmod((home_.path() / "control" / file).c_str(), 0644);
  configure_smtp_auth_client({control, environment_});
  ASSERT_EQ(control.complaints().size(), 2u);
  EXPECT_EQ(control.complaints()[0].line, 0u);
  EXPECT_EQ(control.complaints()[1].line, 2u);
  for (const auto& complaint : control.complaints()) {
    EXPECT_EQ(complaint.name, "authsenders");
    EXPECT_EQ(complaint.text.find("secret"), std::string::npos);
  }
}

TEST_F(SmtpAuthClientTest, UsesNoPasswordsThatEverybodyCanRead) {
  ASSERT_TRUE(configure("authsenders", "joe@a.example:relay.example|joe|secret\n", 0644));
  EXPECT_EQ(route("b.example", "joe@a.example"),
            "Zcontrol/authsenders holds passwords, and everybody can read it: take that away (chmod o=). "
            "(#4.3.5)\n");
  EXPECT_EQ(route("b.example", "jim@a.example"), "as usual");
}

TEST_F(SmtpAuthClientTest, ShowsThePasswordOnlyWhereNobodyElseSeesIt) {
  const std::string in_clear = "Zbut the password would go in clear, which its line does not allow. (#4.7.0)";
  ASSERT_TRUE(configure("authsenders", "joe@a.example:relay.example:587|joe|secret\n"));
  EXPECT_EQ(introduced("AUTH PLAIN LOGIN", false, {silence}), in_clear);
  EXPECT_EQ(heard_, "EHLO me.example\r\nQUIT\r\n");
  EXPECT_EQ(introduced("AUTH PLAIN LOGIN", true, {"235 ok\r\n", silence}), "go on");
  EXPECT_EQ(introduced("AUTH PLAIN LOGIN", false, {"235 ok\r\n", silence}, "127.0.0.1"), "go on");
  EXPECT_EQ(introduced("AUTH PLAIN LOGIN", false, {"235 ok\r\n", silence}, "::1"), "go on");
  ASSERT_TRUE(configure("authsenders", "joe@a.example:relay.example:587 in-clear|joe|secret\n"));
  EXPECT_EQ(introduced("AUTH PLAIN LOGIN", false, {"235 ok\r\n", silence}), "go on");
}

TEST_F(SmtpAuthClientTest, SaysWhatTheServerLacks) {
  ASSERT_TRUE(configure("authsenders", "joe@a.example:relay.example:587|joe|secret\n"));
  EXPECT_EQ(introduced("PIPELINING", true, {silence}), "Zbut the server offers no login (AUTH). (#4.7.0)");
  EXPECT_EQ(introduced("AUTH GSSAPI", true, {silence}),
            "Zbut the server offers no login (AUTH) that I know. (#4.7.0)");
}

TEST_F(SmtpAuthClientTest, GivesThePasswordToNobodyButTheRelay) {
  ASSERT_TRUE(configure("authsenders", "joe@a.example:relay.example:587|joe|secret\n"));
  for (const smtpc::Destination& other : std::initializer_list<smtpc::Destination>{{.host = "b",
                                         .sender = "joe@a.example",
                                         .server = "relay.example",
                                         .is_relay = false,
                                         .address = {{}, 587}},
                                                                                   {.host = "b",
                                                                                   .sender = "joe@a.example",
                                                                                   .server = "other.example",
                                                                                   .is_relay = true,
                                                                                   .address = {{}, 587}},
                                                                                   {.host = "b",
                                                                                   .sender = "joe@a.example",
                                                                                   .server = "relay.example",
                                                                                   .is_relay = true,
                                                                                   .address = {{}, 25}}}) {
    test::ServerConnection connection(other, {silence});
    EXPECT_EQ(test::text_of(feature_->introduced(connection)), "go on");
    EXPECT_EQ(feature_->sharing(other), "");
  }
}

TEST_F(SmtpAuthClientTest, SharesAConnectionBetweenMessagesOfOneAccount) {
  ASSERT_TRUE(
      configure("authsenders",
                "joe@a.example:relay.example:587|joe|secret\njim@a.example:relay.example:587|joe|secret\n"
                "ann@a.example:relay.example:587|ann|secret\n"));
  const auto sharing = [&](const std::string& sender) {
    return feature_->sharing(
        {.host = "b", .sender = sender, .server = "relay.example", .is_relay = true, .address = {{}, 587}});
  };
  EXPECT_EQ(sharing("joe@a.example"), sharing("jim@a.example"));
  EXPECT_NE(sharing("joe@a.example"), sharing("ann@a.example"));
  EXPECT_NE(sharing("joe@a.example"), sharing("bob@a.example"));
}

}  // namespace
}  // namespace qmail::features
