#include <gtest/gtest.h>

#include "core/smtp/server_hook.h"
#include "tests/support/temp_home.h"

namespace qmail::features {

std::unique_ptr<smtpd::FeatureSetting> configure_starttls(const Control& control);

namespace {

/// Whoever takes the client over is not asked to.
class NoCrossing final : public smtpd::Dialogue {
 public:
  std::optional<std::string> ask(const smtpd::Reply&) override { return std::nullopt; }
  bool speaks_within(std::chrono::milliseconds) override { return false; }
  void cross(const smtpd::Reply&,
             const std::function<std::optional<smtpd::Crossing>(Reader&, Writer&)>&) override {
    ADD_FAILURE() << "the client was told to begin";
  }
};

class StartTlsTest : public ::testing::Test {
 protected:
  void SetUp() override { home_.write("control/me", "mx.example.org\n"); }

  /// For a session with these facts, once the files are written.
  smtpd::Feature* configure(Environment environment) {
    facts_.environment = std::move(environment);
    directory_.emplace(home_.open());
    control_.emplace(directory_->sub("control"));
    note_ = [this](std::string_view line) { log_ += std::string(line) + "\n"; };
    setting_ = configure_starttls(*control_);
    feature_ = setting_->join({{*directory_, clock_, facts_, note_}, admission_});
    return feature_.get();
  }
  std::vector<std::string> keywords() {
    std::vector<std::string> found;
    feature_->ehlo(found);
    return found;
  }
  std::string command(std::string_view verb, std::string_view arg = "") {
    const auto reply = feature_->command(verb, arg, dialogue_);
    return reply ? std::to_string(reply->code) + " " + reply->text : "none";
  }

  test::TempHome home_;
  std::optional<Directory> directory_;
  std::optional<Control> control_;
  SystemClock clock_;
  smtpd::Facts facts_;
  smtpd::Admission admission_{facts_};
  std::function<void(std::string_view)> note_;
  std::string log_;
  NoCrossing dialogue_;
  std::unique_ptr<smtpd::FeatureSetting> setting_;
  std::unique_ptr<smtpd::Feature> feature_;
};

using Keywords = std::vector<std::string>;

TEST_F(StartTlsTest, WithoutACertificateItDoesNotExist) {
  EXPECT_EQ(configure({}), nullptr);
  EXPECT_EQ(configure({{"FORCETLS", "0"}}), nullptr);
}

TEST_F(StartTlsTest, IsAnnouncedWhereATlsProcessIsThere) {
  home_.write("control/servercert.pem", "");
  ASSERT_NE(configure({}), nullptr);
  EXPECT_EQ(keywords(), Keywords());
  home_.write("run/tls/server", "");
  EXPECT_EQ(keywords(), Keywords{"STARTTLS"});
}

TEST_F(StartTlsTest, ASecuredLineIsNotSecuredAgain) {
  home_.write("control/servercert.pem", "");
  home_.write("run/tls/server", "");
  configure({{"SSL_PROTOCOL", "TLSv1.3"}});
  EXPECT_EQ(keywords(), Keywords());
  EXPECT_EQ(command("STARTTLS"), "503 TLS is in use already (#5.5.1)");
}

TEST_F(StartTlsTest, NorIsOneBehindALogin) {
  home_.write("control/servercert.pem", "");
  configure({});
  facts_.account = "joe";
  EXPECT_EQ(command("starttls"), "503 no TLS behind a login (#5.5.1)");
}

TEST_F(StartTlsTest, TakesNoParameters) {
  home_.write("control/servercert.pem", "");
  configure({});
  EXPECT_EQ(command("StartTLS", "now"), "501 no parameters allowed (#5.5.4)");
  EXPECT_EQ(command("XYZZY"), "none");
}

TEST_F(StartTlsTest, WithNobodyToDoItTheClientIsNotToldToBegin) {
  home_.write("control/servercert.pem", "");
  configure({{"TCPREMOTEIP", "192.0.2.25"}});
  EXPECT_EQ(command("STARTTLS"), "454 TLS not available (#4.3.0)");
  EXPECT_EQ(log_, "warning: no TLS for 192.0.2.25: unable to connect to " + home_.path().string() +
                      "/run/tls/server: file does not exist: see that ucspi-tlsd runs\n");
}

TEST_F(StartTlsTest, MailWaitsForTlsWhereItIsWanted) {
  ASSERT_NE(configure({{"FORCETLS", ""}}), nullptr);
  const auto refusal = feature_->mail({}, "a@example.org");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, 530);
  EXPECT_EQ(refusal->text, "Must issue a STARTTLS command first (#5.7.0)");
  facts_.environment.set("SSL_PROTOCOL", "TLSv1.3");
  EXPECT_FALSE(feature_->mail({}, "a@example.org"));
}

TEST_F(StartTlsTest, MailDoesNotWaitWhereItIsNot) {
  home_.write("control/servercert.pem", "");
  configure({{"FORCETLS", "0"}});
  EXPECT_FALSE(feature_->mail({}, "a@example.org"));
}

TEST_F(StartTlsTest, WhatWasAgreedOnIsLogged) {
  home_.write("control/servercert.pem", "");
  configure({{"TCPREMOTEIP", "192.0.2.25"},
             {"SSL_PROTOCOL", "TLSv1.3"},
             {"SSL_CIPHER", "TLS_AES_256_GCM_SHA384"},
             {"SSL_TLS_SNI", "mx.example.org"}});
  EXPECT_FALSE(feature_->connect(dialogue_));
  EXPECT_EQ(log_, "secured 192.0.2.25 TLSv1.3 TLS_AES_256_GCM_SHA384 mx.example.org\n");
}

}  // namespace
}  // namespace qmail::features
