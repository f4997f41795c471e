#include "core/smtp/server_session.h"

#include <gtest/gtest.h>

namespace qmail::smtpd {
namespace {

class FixedClock final : public Clock {
 public:
  Moment moment() const override { return {1795337285, 0}; }
};

/// A feature with an opinion on every step, and a command that asks a question.
class Everything final : public Feature {
 public:
  explicit Everything(bool refuses_connection) : refuses_connection_(refuses_connection) {}
  Verdict connect() override { return refuses_connection_ ? Verdict(Reply{554, "not today"}) : no_opinion; }
  void ehlo(std::vector<std::string>& keywords) override { keywords.push_back("EXTRA 1"); }
  Verdict helo(std::string_view host) override {
    return host == "bad" ? Verdict(Reply{550, "bad helo"}) : no_opinion;
  }
  Verdict mail(const Envelope&, std::string_view sender) override {
    return sender == "bad" ? Verdict(Reply{550, "bad sender"}) : no_opinion;
  }
  Verdict rcpt(const Envelope& so_far, std::string_view) override {
    return so_far.recipients < 2 ? no_opinion : Verdict(Reply{452, "third"});
  }
  Verdict data(const Envelope& envelope) override {
    return Reply{554, "no data from " + std::string(envelope.sender)};
  }
  std::optional<Reply> command(std::string_view verb, std::string_view arg, Dialogue& dialogue) override {
    if (verb != "ASK") return std::nullopt;
    const auto answer = dialogue.ask({334, std::string(arg)});
    return Reply{235, answer.value_or("nothing")};
  }

 private:
  bool refuses_connection_;
};

struct Outcome {
  int exit_code;
  std::string replies;
};

Outcome talk(const std::string& requests, bool refuses_connection = false) {
  Pipe in = Pipe::make();
  Pipe out = Pipe::make();
  EXPECT_TRUE(Writer(in.write.get()).put(requests).flush());
  in.write.close();
  const Directory home = Directory::open("/");
  const Environment environment;
  const FixedClock clock;
  Settings settings;
  settings.greeting = "me";
  settings.relay_suffix = "";
  Features features;
  features.push_back(std::make_unique<Everything>(refuses_connection));
  const int code =
      Session({in.read.get(), out.write.get(), home, environment, clock, settings, features}).run();
  out.write.close();
  return {code, *read_all(out.read.get(), 1 << 20, "replies")};
}

TEST(ServerSession, AFeatureMayRefuseEachStep) {
  const auto [code, replies] = talk(
      "HELO bad\r\nMAIL <bad>\r\nRCPT <x>\r\nMAIL <good>\r\nRCPT <a>\r\nRCPT <b>\r\nRCPT "
      "<c>\r\nDATA\r\nQUIT\r\n");
  EXPECT_EQ(code, 0);
  EXPECT_EQ(replies,
            "220 me ESMTP\r\n550 bad helo\r\n550 bad sender\r\n503 MAIL first (#5.5.1)\r\n250 ok\r\n"
            "250 ok\r\n250 ok\r\n452 third\r\n554 no data from good\r\n221 me\r\n");
}

TEST(ServerSession, ARefusedConnectionEndsAtOnce) {
  const auto [code, replies] = talk("HELO x\r\n", true);
  EXPECT_EQ(code, 1);
  EXPECT_EQ(replies, "554 not today\r\n");
}

TEST(ServerSession, AKeywordOfAFeatureComesLast) {
  EXPECT_EQ(talk("EHLO x\r\nQUIT\r\n").replies,
            "220 me ESMTP\r\n250-me\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 EXTRA 1\r\n221 me\r\n");
}

TEST(ServerSession, AFeaturesCommandMayAskTheClient) {
  EXPECT_EQ(talk("ASK who\r\nme it is\r\nQUIT\r\n").replies,
            "220 me ESMTP\r\n334 who\r\n235 me it is\r\n221 me\r\n");
  const auto [code, replies] = talk("ASK who\r\n");
  EXPECT_EQ(code, 1);
}

TEST(ServerSession, AnOverlongLineIsRefusedAndTheNextIsHeard) {
  EXPECT_EQ(talk("NOOP " + std::string(40000, 'x') + "\r\nQUIT\r\n").replies,
            "220 me ESMTP\r\n500 line too long (#5.5.2)\r\n221 me\r\n");
}

}  // namespace
}  // namespace qmail::smtpd
