#include "core/log/twin.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/fd.h"
#include "core/log/log.h"
#include "tests/support/fake_clock.h"

namespace qmail::log {
namespace {

constexpr Moment moment{1795375500, 123456};
constexpr MessageId id{.number = 457, .birth = 1795375499, .part = 4711};

// The published interface of qmail-log(5).
TEST(TwinLine, IsAsTheManualPageSays) {
  const std::string_view head = R"({"time":"2026-11-22T19:25:00.123456Z","event":")";
  const auto rest_of = [&](const std::string& line) {
    EXPECT_TRUE(line.starts_with(head)) << line;
    EXPECT_TRUE(line.ends_with("}\n"));
    return line.substr(std::min(head.size(), line.size()));
  };
  const auto rest = [&](const Facts& facts) { return rest_of(twin_line(moment, facts)); };
  EXPECT_EQ(rest({.event = "new", .message = id}),
            "new\",\"id\":\"1795375499.000004711.457\",\"msg\":457}\n");
  EXPECT_EQ(rest({.event = "info",
                  .message = id,
                  .origin = Origin{.size_bytes = 18, .sender = "", .qp = 1200, .uid = 1001},
                  .message_id = "<1@x>"}),
            "info\",\"id\":\"1795375499.000004711.457\",\"msg\":457,\"sender\":\"\",\"bytes\":18,\"qp\":1200,"
            "\"uid\":1001,\"message_id\":\"<1@x>\"}\n");
  EXPECT_EQ(
      rest({.event = "delivery",
            .message = id,
            .delivery = 3,
            .channel = "remote",
            .sender = "me@here",
            .recipient = "you@far",
            .result = "deferral",
            .report = "192.0.2.25 does not like recipient.\nRemote host said: 450 busy\n"}),
      "delivery\",\"id\":\"1795375499.000004711.457\",\"msg\":457,\"delivery\":3,\"result\":\"deferral\","
      "\"channel\":\"remote\",\"sender\":\"me@here\",\"recipient\":\"you@far\","
      "\"report\":\"192.0.2.25 does not like recipient.\\nRemote host said: 450 busy\","
      "\"host\":\"192.0.2.25\",\"answer\":\"450 busy\"}\n");
  EXPECT_EQ(rest({.event = "bounce", .message = id, .qp = 1201}),
            "bounce\",\"id\":\"1795375499.000004711.457\",\"msg\":457,\"qp\":1201}\n");
  EXPECT_EQ(rest({.event = "admin", .message = id, .operation = "hold"}),
            "admin\",\"id\":\"1795375499.000004711.457\",\"msg\":457,\"operation\":\"hold\"}\n");
  EXPECT_EQ(rest_of(twin_line(moment, "status: local 0/10 remote 0/20\n")),
            "status\",\"text\":\"status: local 0/10 remote 0/20\"}\n");
  EXPECT_EQ(rest_of(twin_line(moment, "alert: oh no! lost spawn connection! dying...\n")),
            "alert\",\"text\":\"alert: oh no! lost spawn connection! dying...\"}\n");
}

TEST(TwinLine, WhatALocalDeliverySaysIsNoAnswer) {
  const std::string line =
      twin_line(moment, {.event = "delivery",
                         .channel = "local",
                         .report = "192.0.2.25 accepted message.\nRemote host said: 250 ok\n"});
  EXPECT_EQ(line.find("\"host\""), std::string::npos);
  EXPECT_EQ(line.find("\"answer\""), std::string::npos);
}

TEST(TwinLine, NothingFromOutsideBreaksIt) {
  constexpr char bytes[] = "\"},\n{\"event\":\"end\"\\\0\x01\x1b[2J\x7f\r\t\xff\xc3(\xed\xa0\x80\xe2\x82";
  const std::string hostile(bytes, sizeof bytes - 1);
  const Facts facts{.event = "delivery",
                    .message = id,
                    .channel = "remote",
                    .sender = hostile,
                    .recipient = hostile,
                    .message_id = hostile,
                    .report = hostile};
  const std::string line = twin_line(moment, facts);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  for (const char c : line.substr(0, line.size() - 1))
    EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ' && c != 127) << line;
  const std::string escaped =
      "\\\"},\\n{\\\"event\\\":\\\"end\\\"\\\\\\u0000\\u0001\\u001b["
      "2J\\u007f\\u000d\\u0009\xef\xbf\xbd\xef\xbf\xbd("
      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd";
  EXPECT_NE(line.find("\"sender\":\"" + escaped + "\""), std::string::npos) << line;
  EXPECT_NE(line.find("\"message_id\":\"" + escaped + "\""), std::string::npos) << line;
}

class TwinTest : public testing::Test {
 protected:
  TwinTest() {
    ::signal(SIGPIPE, SIG_IGN);
    clock_.set(moment);
  }
  /// All that has come.
  std::string read() const {
    std::string text(1 << 22, '\0');
    const ssize_t got = ::read(pipe_.read.get(), text.data(), text.size());
    return text.substr(0, got < 0 ? 0 : static_cast<std::size_t>(got));
  }

  Pipe pipe_ = Pipe::make();
  test::FakeClock clock_;
};

TEST_F(TwinTest, TheLogIsTheSameWithAndWithout) {
  const auto log_of = [this](bool has_twin) {
    const Pipe lines = Pipe::make();
    Twin twin(pipe_.write.get(), clock_);
    {
      Log log(lines.write.get(), has_twin ? &twin : nullptr);
      log.put(new_message(457), {.event = "new", .message = id});
      log.put(status({1, 10}, {2, 20}, false));
    }
    std::string text(4096, '\0');
    return text.substr(0, static_cast<std::size_t>(::read(lines.read.get(), text.data(), text.size())));
  };
  const std::string without = log_of(false);
  EXPECT_EQ(without, "new msg 457\nstatus: local 1/10 remote 2/20\n");
  EXPECT_EQ(log_of(true), without);
  const std::string twin = read();
  EXPECT_EQ(std::count(twin.begin(), twin.end(), '\n'), 2);
}

TEST_F(TwinTest, DoesNotWaitForItsReaderAndSaysWhatItLost) {
  const std::string report(10000, 'x');
  constexpr std::uint64_t lines = 1000;  // far more than the pipe and the memory hold
  {
    Twin twin(pipe_.write.get(), clock_);
    for (std::uint64_t i = 0; i < lines; ++i) {
      twin.put({.event = "delivery", .delivery = i, .report = report});
      twin.flush();
    }
    EXPECT_TRUE(twin.is_waiting());
    std::string text;
    while (twin.is_waiting()) {
      text += read();
      twin.flush();
    }
    twin.put({.event = "end", .message = id});
    twin.flush();
    text += read();
    const std::size_t kept = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 2;
    EXPECT_LT(kept, lines);
    EXPECT_TRUE(text.find("\"event\":\"lost\",\"lines\":" + std::to_string(lines - kept) + "}\n") !=
                std::string::npos)
        << text.substr(text.size() - 300);
    EXPECT_LT(text.find("\"event\":\"lost\""), text.find("\"event\":\"end\""));
  }
}

TEST_F(TwinTest, ALostReaderIsToldOnce) {
  const Pipe lines = Pipe::make();
  {
    Twin twin(pipe_.write.get(), clock_);
    Log log(lines.write.get(), &twin);
    pipe_.read.close();
    for (int i = 0; i < 2; ++i) {
      log.put(end_message(457), {.event = "end", .message = id});
      log.flush();
    }
  }
  std::string text(4096, '\0');
  text.resize(static_cast<std::size_t>(::read(lines.read.get(), text.data(), text.size())));
  EXPECT_EQ(text,
            "end msg 457\n"
            "warning: nobody reads the JSON log any more; it ends here, until the next start\n"
            "end msg 457\n");
}

}  // namespace
}  // namespace qmail::log
