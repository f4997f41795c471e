#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "core/programs/qmail-remote/partner.h"
#include "core/smtp/extensions.h"
#include "tests/support/scripted_smtp_server.h"

namespace qmail::remote {
namespace {

using Script = std::vector<std::string>;
constexpr const char* hello = "250-me\r\n250-SIZE 1000\r\n250 pipelining\r\n";
const std::string died_report = "ZConnected to 192.0.2.1 but connection died. (#4.4.2)\n|";
const std::string accepted_report = "K192.0.2.1 accepted message.\nRemote host said: 250 ok\n|";
const std::string giving_up = "DGiving up on 192.0.2.1.\n|";

class PipeliningTest : public testing::Test {
 protected:
  /// The reports of a message sent through a server that offers PIPELINING, and then does as `script` says;
  /// the first of it answers MAIL.
  std::string run(Script script) {
    signals::ignore(SIGPIPE);
    script.insert(script.begin(), {"220 hi\r\n", hello});
    test::ScriptedSmtpServer server(script, byte_by_byte_);
    Pipe pipe = Pipe::make();
    Writer(pipe.write.get()).put("x\n").flush_or_throw("message");
    pipe.write.close();
    Reader message(pipe.read.get());
    std::string reports;
    {
      Partner partner({.host = "b", .sender = "s@a", .address = {Ip::v4({192, 0, 2, 1}), 25}},
                      server.take_client(), 10);
      EXPECT_TRUE(smtpc::goes_on(partner.open({"me", {}, {}})));
      reports = partner.send({"s@a", recipients_, message}).value();
      kept_ = partner.may_be_kept();
    }
    heard_ = server.heard();
    std::replace(reports.begin(), reports.end(), '\0', '|');
    return reports;
  }

  std::vector<std::string> recipients_{"a@b", "c@b"};
  bool byte_by_byte_ = false, kept_ = false;
  std::string heard_;
};

std::string refusal(char kind, const std::string& said) {
  return kind + ("192.0.2.1 does not like recipient.\nRemote host said: " + said + "\n|");
}

TEST_F(PipeliningTest, SendsTheEnvelopeAtOnce) {
  // The server is silent until it has heard all of it.
  EXPECT_EQ(run({"", "", "", "250 s\r\n250 a\r\n250 c\r\n354 go\r\n", "250 ok\r\n"}),
            "r|r|" + accepted_report);
  EXPECT_EQ(heard_,
            "EHLO me\r\nMAIL FROM:<s@a>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@b>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n");
  EXPECT_TRUE(kept_);
}

TEST_F(PipeliningTest, ReadsAnswersThatComeInPieces) {
  byte_by_byte_ = true;
  EXPECT_EQ(run({"250-s\r\n250 s\r\n", "250 a\r\n", "450-c\r\n450 c\r\n", "354 go\r\n", "250 ok\r\n"}),
            "r|" + refusal('s', "450-c\n450 c") + accepted_report);
}

TEST_F(PipeliningTest, KeepsRecipientsApart) {
  EXPECT_EQ(run({"250 s\r\n", "550 a\r\n", "250 c\r\n", "354 go\r\n", "250 ok\r\n"}),
            refusal('h', "550 a") + "r|" + accepted_report);
  EXPECT_EQ(run({"250 s\r\n", "250 a\r\n", "450 c\r\n", "354 go\r\n", "250 ok\r\n"}),
            "r|" + refusal('s', "450 c") + accepted_report);
  recipients_ = {"a\n@b", "c@b"};
  EXPECT_EQ(run({"250 s\r\n", "250 c\r\n", "354 go\r\n", "250 ok\r\n"}),
            "hSMTP cannot transfer a recipient address with a line break. (#5.1.3)\n|r|" + accepted_report);
}

TEST_F(PipeliningTest, ReportsARefusedSenderAtOnce) {
  const std::string rejected =
      "DConnected to 192.0.2.1 but sender was rejected.\nRemote host said: 550 no\n|";
  EXPECT_EQ(run({"", "", "", "550 no\r\n503 a\r\n503 c\r\n503 d\r\n", "250 reset\r\n"}), rejected);
  EXPECT_TRUE(kept_);
  // The other answers do not come.
  EXPECT_EQ(run({"", "", "", "550 no\r\n503 a\r\n", test::ScriptedSmtpServer::silence}), rejected);
  EXPECT_FALSE(kept_);
  EXPECT_TRUE(heard_.ends_with("DATA\r\nQUIT\r\n"));
}

TEST_F(PipeliningTest, SendsNoMessageThatNobodyGets) {
  const std::string both = refusal('h', "550 a") + refusal('s', "450 c") + giving_up;
  EXPECT_EQ(run({"", "", "", "250 s\r\n550 a\r\n450 c\r\n554 nobody\r\n", "250 reset\r\n"}), both);
  EXPECT_TRUE(kept_);
  // RFC 2920 section 3.1: the server that asks for the message all the same gets an empty one.
  EXPECT_EQ(run({"", "", "", "250 s\r\n550 a\r\n450 c\r\n354 go\r\n", "250 empty\r\n"}), both);
  EXPECT_FALSE(kept_);
  EXPECT_TRUE(heard_.ends_with("DATA\r\n.\r\nQUIT\r\n")) << heard_;
}

TEST_F(PipeliningTest, SendsNoEmptyMessageToTheRecipientsOfARefusedSender) {
  run({"", "", "", "550 no\r\n250 a\r\n250 c\r\n354 go\r\n", test::ScriptedSmtpServer::silence});
  EXPECT_FALSE(kept_);
  EXPECT_TRUE(heard_.ends_with("DATA\r\n")) << heard_;
}

TEST_F(PipeliningTest, TellsWhatWasSaidToData) {
  EXPECT_EQ(run({"250 s\r\n", "250 a\r\n", "250 c\r\n", "451 full\r\n", "250 reset\r\n"}),
            "r|r|Z192.0.2.1 failed on DATA command.\nRemote host said: 451 full\n|");
  EXPECT_TRUE(kept_);
}

TEST_F(PipeliningTest, HearsA421Anywhere) {
  EXPECT_EQ(run({"421 no\r\n"}),
            "ZConnected to 192.0.2.1 but sender was rejected.\nRemote host said: 421 no\n|");
  EXPECT_FALSE(kept_);
  EXPECT_EQ(run({"250 s\r\n", "421 a\r\n"}), refusal('s', "421 a") + died_report);
  EXPECT_EQ(run({"250 s\r\n", "250 a\r\n", "250 c\r\n", "421 d\r\n"}),
            "r|r|Z192.0.2.1 failed on DATA command.\nRemote host said: 421 d\n|");
  EXPECT_FALSE(kept_);
}

TEST_F(PipeliningTest, TellsWhereTheConnectionDied) {
  EXPECT_EQ(run({""}), died_report);
  EXPECT_EQ(run({"250 s\r\n", ""}), died_report);
  EXPECT_EQ(run({"250 s\r\n", "250 a\r\n", ""}), "r|" + died_report);
  EXPECT_EQ(run({"250 s\r\n", "250 a\r\n", "250 c\r\n", ""}), "r|r|" + died_report);
  EXPECT_EQ(run({"250 s\r\n", "250 a\r\n", "250 c\r\n", "354 go\r\n", ""}),
            "r|r|ZConnected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)\n|");
}

TEST_F(PipeliningTest, TrustsNoAnswerThatCameBeforeItsQuestion) {
  // The 250 behind the 354 would count as the message's acceptance.
  EXPECT_EQ(
      run({"", "", "", "250 s\r\n250 a\r\n250 c\r\n354 go\r\n250 ok\r\n", test::ScriptedSmtpServer::silence}),
      "r|r|" + died_report);
  EXPECT_EQ(heard_.find("x\r\n.\r\n"), std::string::npos);
}

TEST_F(PipeliningTest, SendsManyRecipientsInGroups) {
  recipients_.assign(250, "a@b");
  Script script{"250 s\r\n"};
  for (int i = 0; i < 250; ++i) script.push_back(i % 2 == 0 ? "250 a\r\n" : "550 a\r\n");
  script.insert(script.end(), {"354 go\r\n", "250 ok\r\n"});
  std::string expected;
  for (int i = 0; i < 125; ++i) expected += "r|" + refusal('h', "550 a");
  EXPECT_EQ(run(script), expected + accepted_report);
}

TEST(Extensions, AreFoundByTheirNames) {
  const std::string_view reply = "250-PIPELINING.example\n250-SIZE 1000\n250-AUTH=PLAIN\n250 8BITMIME\n";
  for (const char* keyword : {"size", "AUTH", "8bitmime"})
    EXPECT_TRUE(smtpc::find_extension(reply, keyword)) << keyword;
  for (const char* keyword : {"PIPELINING", "SIZ", "1000", "", "PLAIN"})
    EXPECT_FALSE(smtpc::find_extension(reply, keyword)) << keyword;
  for (const char* rubbish : {"", "250", "250-x\n\n250", "250 PIPELINING"})
    EXPECT_FALSE(smtpc::find_extension(rubbish, "PIPELINING")) << rubbish;
}

}  // namespace
}  // namespace qmail::remote
