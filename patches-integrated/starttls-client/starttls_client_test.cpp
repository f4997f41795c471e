#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "tests/support/server_connection.h"
#include "tests/support/temp_home.h"

namespace qmail::features {

smtpc::Configure configure_starttls_client;

namespace {

using Script = std::vector<std::string>;
constexpr const char* silence = test::ScriptedSmtpServer::silence;
const Script has_starttls{"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n"};

class StarttlsClientTest : public testing::Test {
 protected:
  StarttlsClientTest() {
    signals::ignore(SIGPIPE);
    std::filesystem::create_directory(home_.path() / "control");
  }

  void have_policy(const std::string& lines) {
    home_.write("control/tlspolicy", lines);
    const Control control(home_.open().sub("control"));
    feature_ = configure_starttls_client({control, environment_});
  }
  /// A greeted connection to a server that does as `script` says.
  test::ServerConnection& connect(const Script& script, std::uint16_t port = 25) {
    connection_.emplace(smtpc::Destination{.host = "example.org",
                                           .sender = "me@a",
                                           .server = "mx.example.org",
                                           .address = {Ip::v4({192, 0, 2, 1}), port}},
                        script);
    return *connection_;
  }
  std::string introduced(const Script& script) { return introduced(connect(script)); }
  std::string introduced(test::ServerConnection& connection) {
    connection.session().read_reply();
    connection.session().introduce("me.example");
    return test::text_of(feature_->introduced(connection));
  }
  std::string sharing(const std::string& host, const std::string& server) {
    return feature_->sharing({.host = host, .sender = "me@a", .server = server});
  }

  test::TempHome home_;
  Environment environment_;
  std::unique_ptr<smtpc::Feature> feature_;
  std::optional<test::ServerConnection> connection_;
};

Script operator+(Script a, const Script& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST_F(StarttlsClientTest, IsAbsentWithoutItsFile) {
  const Control control(home_.open().sub("control"));
  EXPECT_FALSE(configure_starttls_client({control, environment_}));
}

TEST_F(StarttlsClientTest, SecuresWhereTheServerOffersIt) {
  have_policy("");
  EXPECT_EQ(introduced(has_starttls + Script{"220 go\r\n", "250 mx\r\n"}), "go on");
  EXPECT_EQ(connection_->notes, Script{"secured with TLSv1.3 CIPHER, certificate not verified"});
  EXPECT_EQ(connection_->requests.at(0).name, "mx.example.org");
  EXPECT_EQ(connection_->requests.at(0).verify, tls::Verify::none);
  EXPECT_EQ(connection_->heard(), "EHLO me.example\r\nSTARTTLS\r\nEHLO me.example\r\nQUIT\r\n");
}

TEST_F(StarttlsClientTest, SendsInClearWhereTheServerOffersNone) {
  have_policy("");
  EXPECT_EQ(introduced({"220 hi\r\n", "250 mx\r\n"}), "go on");
  EXPECT_EQ(connection_->notes, Script{"not secured: the server offers no STARTTLS"});
  EXPECT_EQ(connection_->heard(), "EHLO me.example\r\nQUIT\r\n");
}

TEST_F(StarttlsClientTest, SendsInClearWhatItIsToldTo) {
  have_policy("example.org:none\n");
  EXPECT_EQ(introduced(has_starttls), "go on");
  EXPECT_TRUE(connection_->notes.empty());
}

TEST_F(StarttlsClientTest, GoesBackToClearOnlyWhereItMay) {
  struct Row {
    Script script;
    bool has_tls;
    std::optional<std::string> tls_failure;
    std::string may, encrypt;
  };
  const std::string wants = ", and control/tlspolicy wants TLS. (#4.7.5)";
  for (const Row& row : std::initializer_list<Row>{
           {{"220 hi\r\n", "250 mx\r\n"}, true, {}, "go on", "Zbut the server offers no STARTTLS" + wants},
           {has_starttls, false, {}, "go on", "Zbut ucspi-tlsc is not running here" + wants},
           {has_starttls + Script{"454 not now\r\n"},
            true,
            {},
            "go on",
            "Zbut STARTTLS was refused: 454 not now\n"},
           {has_starttls + Script{""},
            true,
            {},
            "anew: not secured: connection died at STARTTLS",
            "Zbut STARTTLS was refused: died"},
           {has_starttls + Script{"220 go\r\n"}, true, "timed out", "anew: not secured: timed out",
            "Zbut it was not secured: timed out. (#4.7.5)"}}) {
    for (const auto& [kind, wanted] :
         {std::pair("may", row.may), std::pair("encrypt", row.encrypt), std::pair("verify", row.encrypt),
          std::pair("fingerprint:"
                    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                    row.encrypt)}) {
      have_policy("example.org:" + std::string(kind) + "\n");
      auto& connection = connect(row.script);
      connection.has_tls = row.has_tls;
      connection.tls_failure = row.tls_failure;
      EXPECT_EQ(introduced(connection), wanted) << kind;
    }
  }
}

TEST_F(StarttlsClientTest, DoesNotTryAgainWhatHasFailed) {
  have_policy("");
  auto& connection = connect(has_starttls);
  connection.second = true;
  EXPECT_EQ(introduced(connection), "go on");
  EXPECT_EQ(connection.heard(), "EHLO me.example\r\nQUIT\r\n");

  have_policy(":encrypt\n");
  auto& other = connect(has_starttls + Script{"220 go\r\n", "250 mx\r\n"});
  other.second = true;
  EXPECT_EQ(introduced(other), "go on");
  EXPECT_TRUE(other.secured);
}

TEST_F(StarttlsClientTest, BeginsWithTlsWhereThePortIsForIt) {
  have_policy("");
  auto& connection = connect({"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n"}, 465);
  EXPECT_EQ(test::text_of(feature_->connected(connection)), "go on");
  EXPECT_TRUE(connection.secured);
  EXPECT_EQ(introduced(connection), "go on");
  EXPECT_EQ(connection.requests.size(), 1u);
  auto& other = connect({silence}, 465);
  other.tls_failure = "timed out";
  EXPECT_EQ(test::text_of(feature_->connected(other)), "Zbut it was not secured: timed out. (#4.7.5)");
  have_policy(":none\n");
  auto& plain = connect({silence}, 465);
  EXPECT_EQ(test::text_of(feature_->connected(plain)), "go on");
  EXPECT_FALSE(plain.secured);
}

TEST_F(StarttlsClientTest, SaysWhichLineMakesNoSense) {
  have_policy("example.org:encript\xff\n");
  EXPECT_EQ(test::text_of(feature_->connected(connect({silence}))),
            "ZUnable to make sense of the line example.org:encript? in control/tlspolicy. (#4.3.5)\n");
}

TEST_F(StarttlsClientTest, ComplainsOfLinesThatMakeNoSense) {
  home_.write("control/tlspolicy", "# policies\nexample.org:encrypt\nexample.com\n");
  const Control control(home_.open().sub("control"));
  configure_starttls_client({control, environment_});
  ASSERT_EQ(control.complaints().size(), 1u);
  EXPECT_EQ(control.complaints()[0].line, 3u);
}

TEST_F(StarttlsClientTest, LooksUpTheRelayWhereThereIsOne) {
  have_policy("example.org:encrypt\n");
  test::ServerConnection to_relay(
      {.host = "example.org", .sender = "", .server = "relay.example", .is_relay = true},
      {"220 hi\r\n", "250 mx\r\n"});
  EXPECT_EQ(introduced(to_relay), "go on");
}

TEST_F(StarttlsClientTest, SharesConnectionsThatKeepToTheSameTerms) {
  have_policy(
      "a.example:encrypt\nb.example:encrypt\nc.example:verify\nd.example:verify\ne.example:verify:mx1\n"
      "f.example:none\ng.example:what\n");
  EXPECT_EQ(sharing("a.example", "mx1"), sharing("b.example", "mx2"));
  EXPECT_EQ(sharing("c.example", "mx1"), sharing("d.example", "mx1"));
  EXPECT_EQ(sharing("x.example", "mx1"), sharing("y.example", "mx2"));
  EXPECT_NE(sharing("c.example", "mx1"), sharing("d.example", "mx2"));
  EXPECT_NE(sharing("a.example", "mx1"), sharing("x.example", "mx1"));
  EXPECT_NE(sharing("f.example", "mx1"), sharing("x.example", "mx1"));
  EXPECT_NE(sharing("g.example", "mx1"), sharing("x.example", "mx1"));
  EXPECT_NE(sharing("c.example", "mx1"), sharing("a.example", "mx1"));
}

}  // namespace
}  // namespace qmail::features
