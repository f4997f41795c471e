#include "patches-integrated/smtp-auth-client/login.h"

#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "core/format/base64.h"
#include "core/format/scram.h"
#include "tests/support/server_connection.h"

namespace qmail::features::smtp_auth_client {
namespace {

using Script = std::vector<std::string>;
constexpr const char* silence = test::ScriptedSmtpServer::silence;

class LoginTest : public testing::Test {
 protected:
  LoginTest() { signals::ignore(SIGPIPE); }

  /// What comes of a login with a server that does as `script` says, after a greeting.
  std::string run(Mechanism mechanism, Script script) {
    script.insert(script.begin(), "220 hi\r\n");
    test::ServerConnection connection({.host = "b", .sender = "a"}, script);
    connection.session().read_reply();
    const std::string outcome = test::text_of(Login(connection, account_, [] { return 0u; }).run(mechanism));
    heard_ = connection.heard();
    return outcome;
  }

  const Account account_{{"relay", 25}, "user", "pencil"};
  std::string heard_;
};

std::string asking(std::string_view question) { return "334 " + encode_base64(question) + "\r\n"; }
const std::string yes = "235 ok\r\n", no = "535 no\r\n";

TEST_F(LoginTest, Plain) {
  EXPECT_EQ(run(Mechanism::plain, {yes, silence}), "go on");
  EXPECT_EQ(heard_, "AUTH PLAIN " + encode_base64(std::string_view("\0user\0pencil", 12)) + "\r\nQUIT\r\n");
  EXPECT_EQ(run(Mechanism::plain, {no, silence}), "Zbut authentication was rejected (AUTH PLAIN): 535 no\n");
  EXPECT_EQ(run(Mechanism::plain, {"250 ok\r\n", silence}),
            "Zbut authentication was rejected (AUTH PLAIN): 250 ok\n");
  EXPECT_EQ(run(Mechanism::plain, {""}), "Zbut authentication was rejected (AUTH PLAIN): died");
}

TEST_F(LoginTest, Login) {
  EXPECT_EQ(run(Mechanism::login, {asking("Username:"), "334 what else?\r\n", yes, silence}), "go on");
  EXPECT_EQ(heard_,
            "AUTH LOGIN\r\n" + encode_base64("user") + "\r\n" + encode_base64("pencil") + "\r\nQUIT\r\n");
  EXPECT_EQ(run(Mechanism::login, {no, silence}), "Zbut authentication was rejected (AUTH LOGIN): 535 no\n");
  EXPECT_EQ(run(Mechanism::login, {asking(""), no, silence}),
            "Zbut authentication was rejected (AUTH LOGIN): 535 no\n");
  EXPECT_EQ(heard_.find(encode_base64("pencil")), std::string::npos);
}

/// RFC 2195 section 2, with another secret.
TEST_F(LoginTest, CramMd5) {
  EXPECT_EQ(run(Mechanism::cram_md5, {asking("<1896.697170952@postoffice.reston.mci.net>"), yes, silence}),
            "go on");
  EXPECT_EQ(heard_.substr(0, 15), "AUTH CRAM-MD5\r\n");
  const auto response = parse_base64(heard_.substr(15, heard_.find('\r', 15) - 15));
  EXPECT_EQ(response, "user 266f82bb2d1ace6729d2c573e4e004c6");
  for (const std::string& nonsense : {std::string("334 %%%\r\n"), std::string("334 Zg=\r\n")}) {
    EXPECT_EQ(run(Mechanism::cram_md5, {nonsense, "501 off\r\n", silence}),
              "Zbut what the server asked (AUTH CRAM-MD5) makes no sense. (#4.7.0)");
    EXPECT_EQ(heard_, "AUTH CRAM-MD5\r\n*\r\nQUIT\r\n");
  }
  EXPECT_EQ(run(Mechanism::cram_md5, {no, silence}),
            "Zbut authentication was rejected (AUTH CRAM-MD5): 535 no\n");
}

class ScramTest : public LoginTest {
 protected:
  /// The server's last word if it knows this password.
  std::string signature(std::string_view password) const {
    const auto first = scram::parse_server_first(server_first_).value();
    const std::string text = scram::signed_text("n=user,r=" + nonce_, server_first_,
                                                scram::final_without_proof("n,,", first.nonce));
    const std::string salted = scram::salted_password(password, first.salt, first.iterations);
    return scram::server_final(scram::server_signature(scram::keys_of(salted).server, text));
  }

  const std::string nonce_ = std::string(32, 'A');
  const std::string server_first_ = "r=" + nonce_ + "more,s=c2FsdA==,i=4096";
};

TEST_F(ScramTest, LogsInWhereTheServerKnowsThePasswordToo) {
  EXPECT_EQ(run(Mechanism::scram_sha_256, {asking(server_first_), asking(signature("pencil")), yes, silence}),
            "go on");
  EXPECT_TRUE(heard_.starts_with("AUTH SCRAM-SHA-256 " + encode_base64("n,,n=user,r=" + nonce_) + "\r\n"));
  EXPECT_TRUE(heard_.ends_with("\r\n\r\nQUIT\r\n")) << heard_;
}

TEST_F(ScramTest, DoesNotTrustAServerThatDoesNotKnowThePassword) {
  const std::string wanted =
      "Zbut the server does not know the password (AUTH SCRAM-SHA-256): it is not who we think. (#4.7.0)";
  for (const std::string& last :
       {signature("pen"), std::string("v="), std::string("e=other-error"), std::string()})
    EXPECT_EQ(run(Mechanism::scram_sha_256, {asking(server_first_), asking(last), "501 off\r\n", silence}),
              wanted)
        << last;
  // One that accepts whatever it gets has shown nothing.
  EXPECT_EQ(run(Mechanism::scram_sha_256, {asking(server_first_), yes, silence}),
            "Zbut authentication was rejected (AUTH SCRAM-SHA-256): 235 ok\n");
}

TEST_F(ScramTest, AnswersNoQuestionThatMakesNoSense) {
  for (const std::string& first :
       {std::string(), std::string("r=other,s=c2FsdA==,i=4096"), "r=" + nonce_ + ",s=c2FsdA==,i=4096",
        "r=" + nonce_ + "more,s=c2FsdA==,i=1", "r=" + nonce_ + "more,s=c2FsdA==,i=2000000000",
        std::string("e=no")}) {
    EXPECT_EQ(run(Mechanism::scram_sha_256, {asking(first), "501 off\r\n", silence}),
              "Zbut what the server asked (AUTH SCRAM-SHA-256) makes no sense. (#4.7.0)")
        << first;
    EXPECT_EQ(heard_.substr(heard_.find('\n') + 1), "*\r\nQUIT\r\n");
  }
  EXPECT_EQ(run(Mechanism::scram_sha_256, {asking(server_first_), no, silence}),
            "Zbut authentication was rejected (AUTH SCRAM-SHA-256): 535 no\n");
}

TEST(Choose, TakesTheBestThatMayBe) {
  EXPECT_EQ(choose("LOGIN PLAIN CRAM-MD5 SCRAM-SHA-256", false), Mechanism::scram_sha_256);
  EXPECT_EQ(choose("login plain cram-md5", false), Mechanism::cram_md5);
  EXPECT_EQ(choose("LOGIN PLAIN", false), std::nullopt);
  EXPECT_EQ(choose("LOGIN PLAIN", true), Mechanism::plain);
  EXPECT_EQ(choose("LOGIN", true), Mechanism::login);
  EXPECT_EQ(choose("XOAUTH2 SCRAM-SHA-256-PLUS SCRAM-SHA-1", true), std::nullopt);
  EXPECT_EQ(choose("", true), std::nullopt);
}

}  // namespace
}  // namespace qmail::features::smtp_auth_client
