#include "core/smtp/server_session.h"

#include <chrono>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "core/base/fd_passing.h"
#include "tests/support/huge_file.h"

namespace qmail::smtpd {
namespace {

class FixedClock final : public Clock {
 public:
  Moment moment() const override { return {1795337285, 0}; }
};

/// A feature with an opinion on every step, a command that asks a question, and one that waits.
class Everything final : public Feature {
 public:
  explicit Everything(bool refuses_connection) : refuses_connection_(refuses_connection) {}
  Verdict connect(Dialogue&) override {
    return refuses_connection_ ? Verdict(Reply{554, "not today"}) : no_opinion;
  }
  void ehlo(std::vector<std::string>& keywords) override { keywords.push_back("EXTRA 1"); }
  Verdict helo(std::string_view host) override {
    return host == "bad" ? Verdict(Reply{550, "bad helo"}) : no_opinion;
  }
  Verdict mail(const Envelope&, std::string_view sender) override {
    if (sender == "last") return Reply{421, "that was too much"};
    return sender == "bad" ? Verdict(Reply{550, "bad sender"}) : no_opinion;
  }
  Verdict rcpt(const Envelope& so_far, std::string_view, Dialogue&) override {
    return so_far.recipients < 2 ? no_opinion : Verdict(Reply{452, "third"});
  }
  Verdict data(const Envelope& envelope) override {
    return Reply{554, "no data from " + std::string(envelope.sender)};
  }
  std::optional<Reply> command(std::string_view verb, std::string_view arg, Dialogue& dialogue) override {
    if (verb == "WAIT") {
      const bool spoke = dialogue.speaks_within(std::chrono::milliseconds(10));
      return Reply{250, spoke ? "spoke" : "silent"};
    }
    if (verb != "ASK") return std::nullopt;
    const auto answer = dialogue.ask({334, std::string(arg)});
    return Reply{235, answer.value_or("nothing")};
  }

 private:
  bool refuses_connection_;
};

struct Talk {
  int exit_code;
  std::string replies;
};

Facts relaying() { return {.environment = {}, .terms = {.longest_message = 0, .relay_suffix = ""}}; }

Talk talk(const Fd& in, const Features& features, Facts facts = relaying()) {
  const Fd out(::memfd_create("replies", MFD_CLOEXEC));
  const Directory home = Directory::open("/");
  const FixedClock clock;
  Settings settings;
  settings.greeting = "me";
  const int code = Session({in.get(), out.get(), home, clock, settings, facts, features}).run();
  ::lseek(out.get(), 0, SEEK_SET);
  return {code, *read_all(out.get(), std::size_t{1} << 30, "replies")};
}

Fd holding(const std::string& requests) {
  Fd in(::memfd_create("requests", MFD_CLOEXEC));
  EXPECT_TRUE(Writer(in.get()).put(requests).flush());
  ::lseek(in.get(), 0, SEEK_SET);
  return in;
}

Talk talk(const std::string& requests, const Features& features) { return talk(holding(requests), features); }

Talk talk_with_feature(const std::string& requests, bool refuses_connection = false) {
  Features features;
  features.push_back(std::make_unique<Everything>(refuses_connection));
  return talk(requests, features);
}

TEST(ServerSession, AFeatureMayRefuseEachStep) {
  const auto [code, replies] = talk_with_feature(
      "HELO bad\r\nMAIL <bad>\r\nRCPT <x>\r\nMAIL <good>\r\nRCPT <a>\r\nRCPT <b>\r\nRCPT "
      "<c>\r\nDATA\r\nQUIT\r\n");
  EXPECT_EQ(code, 0);
  EXPECT_EQ(replies,
            "220 me ESMTP\r\n550 bad helo\r\n550 bad sender\r\n503 MAIL first (#5.5.1)\r\n250 ok\r\n"
            "250 ok\r\n250 ok\r\n452 third\r\n554 no data from good\r\n221 me\r\n");
}

TEST(ServerSession, ARefusedConnectionEndsAtOnce) {
  const auto [code, replies] = talk_with_feature("HELO x\r\n", true);
  EXPECT_EQ(code, 1);
  EXPECT_EQ(replies, "554 not today\r\n");
}

TEST(ServerSession, AKeywordOfAFeatureComesLast) {
  EXPECT_EQ(talk_with_feature("EHLO x\r\nQUIT\r\n").replies,
            "220 me ESMTP\r\n250-me\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 EXTRA 1\r\n221 me\r\n");
}

TEST(ServerSession, AFeaturesCommandMayAskTheClient) {
  EXPECT_EQ(talk_with_feature("ASK who\r\nme it is\r\nQUIT\r\n").replies,
            "220 me ESMTP\r\n334 who\r\n235 me it is\r\n221 me\r\n");
  const auto [code, replies] = talk_with_feature("ASK who\r\n");
  EXPECT_EQ(code, 1);
}

TEST(ServerSession, AFeaturesRefusalWith421EndsTheSession) {
  const auto [code, replies] = talk_with_feature("MAIL <bad>\r\nMAIL <last>\r\nNOOP\r\nQUIT\r\n");
  EXPECT_EQ(code, 1);
  EXPECT_EQ(replies, "220 me ESMTP\r\n550 bad sender\r\n421 that was too much\r\n");
}

/// Takes the client to another line, or to none; tells of its own session's facts.
class Crosser final : public Feature {
 public:
  explicit Crosser(Fd line) : line_(std::move(line)) {}
  std::optional<Reply> command(std::string_view verb, std::string_view, Dialogue& dialogue) override {
    if (verb != "CROSS") return std::nullopt;
    dialogue.cross({220, "go ahead"}, [&](Reader& in, Writer& out) -> std::optional<Crossing> {
      EXPECT_TRUE(out.flush());
      while (in.has_buffered()) in.take(in.peek().size());
      if (!line_) return std::nullopt;
      return Crossing{std::move(line_), {{"SSL_PROTOCOL", "TLSv1.3"}}};
    });
    return no_reply;
  }

 private:
  Fd line_;
};

Features crossing_to(Fd line) {
  Features features;
  features.push_back(std::make_unique<Crosser>(std::move(line)));
  return features;
}

TEST(ServerSession, WhatWasSaidBeforeTheOtherLineIsForgotten) {
  SocketPair other = SocketPair::make();
  ASSERT_TRUE(Writer(other.other.get()).put("RCPT <b>\r\nMAIL <a>\r\nRCPT <b>\r\nQUIT\r\n").flush());
  const auto [code, replies] =
      talk(holding("MAIL <a>\r\nCROSS\r\nRCPT <injected>\r\nQUIT\r\n"), crossing_to(std::move(other.one)));
  EXPECT_EQ(code, 0);
  EXPECT_EQ(replies, "220 me ESMTP\r\n250 ok\r\n220 go ahead\r\n");
  EXPECT_EQ(*read_all(other.other.get(), 1000, "replies"),
            "503 MAIL first (#5.5.1)\r\n250 ok\r\n250 ok\r\n221 me\r\n");
}

TEST(ServerSession, WhatIsKnownOfTheOtherLineTakesThePlaceOfWhatWasKnown) {
  SocketPair other = SocketPair::make();
  ASSERT_TRUE(Writer(other.other.get()).put("QUIT\r\n").flush());
  const Fd in = holding("CROSS\r\n");
  const Fd out(::memfd_create("replies", MFD_CLOEXEC));
  const Directory home = Directory::open("/");
  const FixedClock clock;
  Facts facts{.environment = {{"TCPREMOTEIP", "192.0.2.1"}, {"SSL_CIPHER", "stale"}}, .terms = {}};
  const Features features = crossing_to(std::move(other.one));
  EXPECT_EQ(Session({in.get(), out.get(), home, clock, Settings(), facts, features}).run(), 0);
  EXPECT_TRUE(facts.is_secured());
  EXPECT_EQ(facts.environment.entries(),
            (std::vector<std::string>{"TCPREMOTEIP=192.0.2.1", "SSL_PROTOCOL=TLSv1.3"}));
}

TEST(ServerSession, WithoutAnotherLineTheSessionIsOver) {
  const auto [code, replies] = talk(holding("CROSS\r\nNOOP\r\nQUIT\r\n"), crossing_to(Fd()));
  EXPECT_EQ(code, 1);
  EXPECT_EQ(replies, "220 me ESMTP\r\n220 go ahead\r\n");
}

/// Says whether there is a message.
class Watcher final : public Feature {
 public:
  explicit Watcher(const Facts& facts) : facts_(facts) {}
  std::optional<Reply> command(std::string_view, std::string_view, Dialogue&) override {
    return Reply{250, facts_.has_message ? "message" : "none"};
  }

 private:
  const Facts& facts_;
};

TEST(ServerSession, AFeaturesCommandKnowsWhetherThereIsAMessage) {
  const Fd in(::memfd_create("requests", MFD_CLOEXEC)), out(::memfd_create("replies", MFD_CLOEXEC));
  EXPECT_TRUE(
      Writer(in.get()).put("X\nMAIL <a>\nX\nRSET\nX\nMAIL <a>\nRCPT <b>\nX\nHELO x\nX\nQUIT\n").flush());
  ::lseek(in.get(), 0, SEEK_SET);
  const Directory home = Directory::open("/");
  const FixedClock clock;
  const Settings settings;
  Facts facts{.environment = {}, .terms = {.longest_message = 0, .relay_suffix = ""}};
  Features features;
  features.push_back(std::make_unique<Watcher>(facts));
  EXPECT_EQ(Session({in.get(), out.get(), home, clock, settings, facts, features}).run(), 0);
  ::lseek(out.get(), 0, SEEK_SET);
  const std::string replies = *read_all(out.get(), 4096, "replies");
  EXPECT_EQ(
      replies,
      "220  ESMTP\r\n250 none\r\n250 ok\r\n250 message\r\n250 flushed\r\n250 none\r\n250 ok\r\n250 ok\r\n"
      "250 message\r\n250 \r\n250 none\r\n221 \r\n");
}

TEST(ServerSession, APauseLastsItsTimeWhateverTheClientHasSaid) {
  struct Pauser final : Feature {
    Verdict connect(Dialogue& client) override {
      client.pause(std::chrono::milliseconds(50));
      return no_opinion;
    }
  };
  Features features;
  features.push_back(std::make_unique<Pauser>());
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(talk("QUIT\r\n", features).replies, "220 me ESMTP\r\n221 me\r\n");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(45));
}

TEST(ServerSession, AnOverlongLineIsRefusedAndTheNextIsHeard) {
  EXPECT_EQ(talk_with_feature("NOOP " + std::string(40000, 'x') + "\r\nQUIT\r\n").replies,
            "220 me ESMTP\r\n500 line too long (#5.5.2)\r\n221 me\r\n");
}

/// A session on a socket where every write is one packet, and what came back in each.
std::vector<std::string> exchange(const std::vector<std::string>& packets, int timeout_seconds, bool hang_up,
                                  const Features& features = {}) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
  const Fd client(ends[0]), server(ends[1]);
  for (const std::string& packet : packets)
    EXPECT_EQ(::send(client.get(), packet.data(), packet.size(), 0), static_cast<ssize_t>(packet.size()));
  if (hang_up) ::shutdown(client.get(), SHUT_WR);
  const Directory home = Directory::open("/");
  const FixedClock clock;
  Settings settings;
  settings.greeting = "me";
  settings.timeout_seconds = timeout_seconds;
  Facts facts = relaying();
  EXPECT_EQ(Session({server.get(), server.get(), home, clock, settings, facts, features}).run(), 1);
  std::vector<std::string> replies;
  std::array<char, 4096> block{};
  for (ssize_t got; (got = ::recv(client.get(), block.data(), block.size(), MSG_DONTWAIT)) > 0;)
    replies.emplace_back(block.data(), static_cast<std::size_t>(got));
  return replies;
}

TEST(ServerSession, ABatchOfCommandsIsAnsweredByOneWrite) {
  const auto replies =
      exchange({"EHLO x\r\n", "MAIL <a>\r\nRCPT <b>\r\nRCPT <c>\r\nNOOP\r\nRS", "ET\r\n"}, 20, true);
  EXPECT_EQ(replies,
            (std::vector<std::string>{"220 me ESMTP\r\n", "250-me\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
                                      "250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n", "250 flushed\r\n"}));
}

TEST(ServerSession, ASlowClientIsToldWhyItIsCutOff) {
  EXPECT_EQ(exchange({"NOOP\r\nNO"}, 1, false),
            (std::vector<std::string>{"220 me ESMTP\r\n", "250 ok\r\n", "451 timeout (#4.4.2)\r\n"}));
}

TEST(ServerSession, WhoWaitsForTheClientHasToldItEverything) {
  Features features;
  features.push_back(std::make_unique<Everything>(false));
  EXPECT_EQ(exchange({"NOOP\r\nWAIT\r\n"}, 1, false, features),
            (std::vector<std::string>{"220 me ESMTP\r\n", "250 ok\r\n", "250 silent\r\n",
                                      "451 timeout (#4.4.2)\r\n"}));
  EXPECT_EQ(exchange({"WAIT\r\nNOOP\r\n"}, 20, true, features),
            (std::vector<std::string>{"220 me ESMTP\r\n", "250 spoke\r\n250 ok\r\n"}));
  // Who has gone will not keep anybody waiting.
  EXPECT_EQ(exchange({"WAIT\r\n"}, 20, true, features),
            (std::vector<std::string>{"220 me ESMTP\r\n", "250 spoke\r\n"}));
}

TEST(ServerSession, WithoutDescriptorsForTheQueueItRefusesForNowAndGoesOn) {
  // A sanitizer opens descriptors of its own to look at a class for the first time: let it.
  talk("MAIL <a>\r\nDATA\r\nQUIT\r\n", {});
  const Directory probe = Directory::open("/");
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  // talk() itself opens four.
  const rlimit few{static_cast<rlim_t>(probe.get()) + 1 + 4, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  const auto [code, replies] = talk("MAIL <a>\r\nRCPT <b>\r\nDATA\r\nDATA\r\nQUIT\r\n", {});
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(code, 0);
  EXPECT_EQ(replies,
            "220 me ESMTP\r\n250 ok\r\n250 ok\r\n451 qqt failure (#4.3.0)\r\n503 MAIL first (#5.5.1)\r\n221 "
            "me\r\n");
}

// Stock counted its length in 32 bits, and wrote before or behind its memory: CVE-2005-1513, CVE-2005-1514.
TEST(ServerSession, ACommandOfFourGigabytesIsRefusedAndTheSessionGoesOn) {
  const auto [code, replies] = talk(test::huge_file("\r\nQUIT\r\n"), {});
  EXPECT_EQ(code, 0);
  EXPECT_EQ(replies, "220 me ESMTP\r\n500 line too long (#5.5.2)\r\n221 me\r\n");
}

// Stock's count of their bytes could pass 32 bits: CVE-2005-1515.
TEST(ServerSession, TheRecipientsOfOneMessageAreBounded) {
  std::string requests = "MAIL <a>\r\n";
  const std::string recipient = "RCPT <" + std::string(899, 'r') + ">\r\n";
  const std::size_t enough = (std::size_t{16} << 20) / 900 + 1;
  for (std::size_t i = 0; i <= enough; ++i) requests += recipient;
  const auto [code, replies] = talk(requests + "QUIT\r\n", {});
  EXPECT_EQ(code, 0);
  EXPECT_TRUE(replies.ends_with("250 ok\r\n452 too many recipients (#4.5.3)\r\n221 me\r\n"));
}

}  // namespace
}  // namespace qmail::smtpd
