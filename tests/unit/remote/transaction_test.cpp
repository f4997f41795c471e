#include <csignal>
#include <gtest/gtest.h>

#include "core/base/signals.h"
#include "core/programs/qmail-remote/partner.h"
#include "tests/support/scripted_smtp_server.h"

namespace qmail::remote {
namespace {

using Script = std::vector<std::string>;
constexpr const char* silence = test::ScriptedSmtpServer::silence;

class TransactionTest : public testing::Test {
 protected:
  /// Sends message_ through a server that answers as `script` says; the reports, their NULs as '|'.
  std::string run(const Script& script) {
    signals::ignore(SIGPIPE);
    test::ScriptedSmtpServer server(script, byte_by_byte_);
    {
      Pipe pipe = Pipe::make();
      std::thread writer([&] {
        Writer(pipe.write.get()).put(message_).flush_or_throw("message");
        pipe.write.close();
      });
      Reader message(pipe.read.get());
      Partner partner({.host = "b.example", .sender = sender_, .address = {Ip::v4({192, 0, 2, 1}), 25}},
                      server.take_client(), timeout_seconds_);
      const auto opened = partner.open({helo_host_, features_, securer_});
      const auto* failure = std::get_if<smtpc::Refusal>(&opened);
      reports_ = failure ? failure->kind + failure->text + '\0'
                         : partner.send({sender_, recipients_, message}).value();
      writer.join();
    }
    heard_ = server.heard();
    std::replace(reports_.begin(), reports_.end(), '\0', '|');
    return reports_;
  }

  std::string sender_ = "s@a.example";
  std::vector<std::string> recipients_{"r@b.example"};
  std::string message_ = "Subject: x\n\n.dot\n";
  smtpc::Features features_;
  Securer securer_;
  std::string helo_host_ = "me.example";
  int timeout_seconds_ = 10;
  bool byte_by_byte_ = false;
  std::string reports_, heard_;
};

constexpr const char* data_to_quit = "DATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n";

TEST_F(TransactionTest, SendsAMessage) {
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok 1\r\n"}),
            "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok 1\n|");
  EXPECT_EQ(heard_, std::string("EHLO me.example\r\nMAIL FROM:<s@a.example>\r\nRCPT TO:<r@b.example>\r\n") +
                        data_to_quit);
}

TEST_F(TransactionTest, TellsWhatTheServerRefused) {
  const std::pair<Script, std::string> cases[] = {
      {{"554 no\r\n"}, "ZConnected to 192.0.2.1 but greeting failed.\nRemote host said: 554 no\n|"},
      {{"421-busy\r\n421 later\r\n"},
       "ZConnected to 192.0.2.1 but greeting failed.\nRemote host said: 421-busy\n421 later\n|"},
      {{"220 hi\r\n", "502 what\r\n", "550 who\r\n"},
       "ZConnected to 192.0.2.1 but my name was rejected.\nRemote host said: 550 who\n|"},
      {{"220 hi\r\n", "500 what\r\n", "251 odd\r\n"},
       "ZConnected to 192.0.2.1 but my name was rejected.\nRemote host said: 251 odd\n|"},
      {{"220 hi\r\n", "421 full\r\n"},
       "ZConnected to 192.0.2.1 but my name was rejected.\nRemote host said: 421 full\n|"},
      {{"220 hi\r\n", "250 me\r\n", "550 no\r\n"},
       "DConnected to 192.0.2.1 but sender was rejected.\nRemote host said: 550 no\n|"},
      {{"220 hi\r\n", "250 me\r\n", "450 no\r\n"},
       "ZConnected to 192.0.2.1 but sender was rejected.\nRemote host said: 450 no\n|"},
      {{"220 hi\r\n", "250 me\r\n", "250 s\r\n", "550 no\r\n"},
       "h192.0.2.1 does not like recipient.\nRemote host said: 550 no\n|DGiving up on 192.0.2.1.\n|"},
      {{"220 hi\r\n", "250 me\r\n", "250 s\r\n", "450 no\r\n"},
       "s192.0.2.1 does not like recipient.\nRemote host said: 450 no\n|DGiving up on 192.0.2.1.\n|"},
      {{"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "554 no\r\n"},
       "r|D192.0.2.1 failed on DATA command.\nRemote host said: 554 no\n|"},
      {{"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "450 no\r\n"},
       "r|Z192.0.2.1 failed on DATA command.\nRemote host said: 450 no\n|"},
      {{"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "554 spam\r\n"},
       "r|D192.0.2.1 failed after I sent the message.\nRemote host said: 554 spam\n|"},
      {{"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "452 full\r\n"},
       "r|Z192.0.2.1 failed after I sent the message.\nRemote host said: 452 full\n|"},
      {{"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "354 odd\r\n"},
       "r|K192.0.2.1 accepted message.\nRemote host said: 354 odd\n|"},
  };
  for (const auto& [script, reports] : cases) EXPECT_EQ(run(script), reports);
}

TEST_F(TransactionTest, TellsWhenTheConnectionDies) {
  const std::string died = "ZConnected to 192.0.2.1 but connection died. (#4.4.2)\n|";
  EXPECT_EQ(run({}), died);
  EXPECT_EQ(run({"22"}), died);
  EXPECT_EQ(run({"220-hi\r\n"}), died);
  EXPECT_EQ(run({"220 hi\r\n", ""}), died);
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", ""}), died);
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", ""}), died);
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", ""}), "r|" + died);
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", ""}),
            "r|ZConnected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)\n|");
}

TEST_F(TransactionTest, TakesSilenceForADeadConnection) {
  timeout_seconds_ = 1;
  EXPECT_EQ(run({silence}), "ZConnected to 192.0.2.1 but connection died. (#4.4.2)\n|");
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", silence}),
            "r|ZConnected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)\n|");
}

TEST_F(TransactionTest, SendsTheMessageForTheRecipientsThatWereAccepted) {
  recipients_ = {"a@b", "b@b", "c@b", "d@b"};
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "550 a\r\n", "250 b\r\n", "450 c\r\n", "250 d\r\n",
                 "354 go\r\n", "250 ok\r\n"}),
            "h192.0.2.1 does not like recipient.\nRemote host said: 550 a\n|r|"
            "s192.0.2.1 does not like recipient.\nRemote host said: 450 c\n|r|"
            "K192.0.2.1 accepted message.\nRemote host said: 250 ok\n|");
}

TEST_F(TransactionTest, QuotesLocalPartsButNothingElse) {
  sender_ = "";
  recipients_ = {"a b@c.example", "@c.example", "a@b@c.example", "no host", "\xe4@c.example", "a..b@x"};
  run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "550\n", "550\n", "550\n", "550\n", "550\n", "550\n"});
  EXPECT_EQ(heard_,
            "EHLO me.example\r\nMAIL FROM:<>\r\nRCPT TO:<\"a b\"@c.example>\r\nRCPT TO:<\"\"@c.example>\r\n"
            "RCPT TO:<\"a@b\"@c.example>\r\nRCPT TO:<no host>\r\nRCPT TO:<\"\xe4\"@c.example>\r\n"
            "RCPT TO:<\"a..b\"@x>\r\n");
}

TEST_F(TransactionTest, SendsNoAddressWithALineBreak) {
  recipients_ = {"a@b>\r\nRCPT TO:<evil@c", "a\nb@c", "good@c"};
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok\r\n"}),
            "hSMTP cannot transfer a recipient address with a line break. (#5.1.3)\n|"
            "hSMTP cannot transfer a recipient address with a line break. (#5.1.3)\n|"
            "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\n|");
  EXPECT_EQ(heard_,
            std::string("EHLO me.example\r\nMAIL FROM:<s@a.example>\r\nRCPT TO:<good@c>\r\n") + data_to_quit);
  sender_ = "a@b\r\nQUIT";
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n"}),
            "DSMTP cannot transfer a sender address with a line break. (#5.1.7)\n|");
}

TEST_F(TransactionTest, RefusesAMessageWithoutNewlineAtItsEnd) {
  message_ = "Subject: x\n\nno end";
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", silence}),
            "r|DSMTP cannot transfer messages with partial final lines. (#5.6.2)\n|");
  EXPECT_EQ(heard_.find(".\r\n"), std::string::npos);
}

TEST_F(TransactionTest, SendsALargeMessageWhole) {
  message_.clear();
  std::string encoded;
  for (int i = 0; i < 200000; ++i) {
    message_ += ".line " + std::to_string(i) + "\n";
    encoded += "..line " + std::to_string(i) + "\r\n";
  }
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok\r\n"}),
            "r|K192.0.2.1 accepted message.\nRemote host said: 250 ok\n|");
  const std::size_t start = heard_.find("DATA\r\n") + 6;
  EXPECT_TRUE(std::string_view(heard_).substr(start) == encoded + ".\r\nQUIT\r\n");
}

TEST_F(TransactionTest, ReplacesNulInWhatTheServerSaid) {
  EXPECT_EQ(run({std::string("554 n\0o\r\n", 9)}),
            "ZConnected to 192.0.2.1 but greeting failed.\nRemote host said: 554 n?o\n|");
}

TEST_F(TransactionTest, SaysHeloToAServerWithoutExtensions) {
  run({"220 hi\r\n", "502 what?\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok\r\n"});
  EXPECT_EQ(heard_, std::string("EHLO me.example\r\nHELO me.example\r\nMAIL FROM:<s@a.example>\r\n"
                                "RCPT TO:<r@b.example>\r\n") +
                        data_to_quit);
}

class Refuser final : public smtpc::Feature {
  smtpc::Decision introduced(smtpc::Connection& connection) override {
    const auto answer = connection.session().command("XTEST " + connection.destination().sender);
    return connection.failure("but test failed", answer);
  }
};

TEST_F(TransactionTest, AsksTheFeaturesBeforeMail) {
  features_.push_back(std::make_unique<Refuser>());
  EXPECT_EQ(run({"220 hi\r\n", "250 me\r\n", "250 x\r\n"}),
            "ZConnected to 192.0.2.1 but test failed.\nRemote host said: 250 x\n|");
  EXPECT_EQ(heard_, "EHLO me.example\r\nXTEST s@a.example\r\nQUIT\r\n");
}

}  // namespace
}  // namespace qmail::remote
