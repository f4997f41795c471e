#include "core/smtp/message_stream.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include "core/base/io.h"
#include "core/smtp/server_session.h"
#include "tests/support/streaming_feature.h"
#include "tests/support/temp_home.h"

namespace qmail::smtpd {
namespace {

constexpr std::string_view greeted = "220 me ESMTP\r\n";

class StoppedClock final : public Clock {
 public:
  Moment moment() const override { return {1795337285, 0}; }
};

/// Sessions whose messages a program puts into a file.
class MessageStreams : public testing::Test {
 protected:
  MessageStreams() {
    home_.write("bin/qmail-queue", "#!/bin/sh\ncat >message && cat <&1 >envelope\n");
    std::filesystem::permissions(home_.path() / "bin/qmail-queue", std::filesystem::perms::all);
  }

  void add(Interest interest) { features_.push_back(std::make_unique<test::StreamingFeature>(interest)); }

  /// The replies behind the greeting.
  std::string talk(const std::string& requests) {
    const Fd in(::memfd_create("requests", MFD_CLOEXEC)), out(::memfd_create("replies", MFD_CLOEXEC));
    EXPECT_TRUE(Writer(in.get()).put(requests).flush());
    ::lseek(in.get(), 0, SEEK_SET);
    const Directory home = home_.open();
    const StoppedClock clock;
    Settings settings;
    settings.greeting = "me";
    Facts facts{.environment = {}, .terms = {.longest_message = longest_message_, .relay_suffix = ""}};
    Session({in.get(), out.get(), home, clock, settings, facts, features_}).run();
    ::lseek(out.get(), 0, SEEK_SET);
    const std::string replies = *read_all(out.get(), std::size_t{1} << 30, "replies");
    EXPECT_TRUE(replies.starts_with(greeted));
    return replies.substr(std::min(greeted.size(), replies.size()));
  }
  /// The reply to the final dot.
  std::string send(const std::string& message) {
    const std::string replies = talk("MAIL <a>\r\nRCPT <b>\r\nDATA\r\n" + message + ".\r\n");
    constexpr std::string_view before = "250 ok\r\n250 ok\r\n354 go ahead\r\n";
    EXPECT_TRUE(replies.starts_with(before)) << replies;
    return replies.substr(std::min(before.size(), replies.size()));
  }
  bool is_taken(const std::string& message) { return send(message).starts_with("250 ok 1795337285 qp "); }
  /// Behind our own Received field.
  std::string queued() const {
    const std::string message = home_.read("message");
    return message.substr(message.find("2026") == std::string::npos ? 0 : message.find("-0000\n") + 6);
  }

  test::TempHome home_;
  Features features_;
  std::uint64_t longest_message_ = 0;
};

TEST_F(MessageStreams, AParameterMayBeRefused) {
  add(Interest::nothing);
  EXPECT_EQ(talk("MAIL FROM:<a> BODY=8BITMIME SIZE=1001\r\nRCPT TO:<b>\r\nMAIL FROM:<a> size=1000\r\n"
                 "RCPT TO:<b> SIZE=1001\r\nQUIT\r\n"),
            "552 too large\r\n503 MAIL first (#5.5.1)\r\n250 ok\r\n250 ok\r\n221 me\r\n");
}

TEST_F(MessageStreams, WithoutInterestTheMessageIsWhatItWas) {
  add(Interest::nothing);
  ASSERT_TRUE(is_taken("From: x\r\nX-Bad: x\r\n\r\nvirus\r\n"));
  EXPECT_EQ(queued(), "From: x\nX-Bad: x\n\nvirus\n");
}

TEST_F(MessageStreams, TheHeaderMayBeChanged) {
  add(Interest::header);
  ASSERT_TRUE(is_taken("Subject: one\r\n two\r\nFrom: joe\r\n\r\nvirus\r\n"));
  EXPECT_EQ(queued(), "X-Seen: yes\nSubject: one\n two\nFrom: somebody@example.org\n\nvirus\n");
}

TEST_F(MessageStreams, TheHeaderMayBeRefused) {
  add(Interest::header);
  EXPECT_EQ(send("X-Bad: x\r\n\r\nrest\r\n"), "550 bad header\r\n");
}

TEST_F(MessageStreams, AtTheEndTheHeaderMayBeChangedOnceMore) {
  add(Interest::message);
  ASSERT_TRUE(is_taken("Subject: x\r\n\r\none\r\ntwo\r\n"));
  EXPECT_EQ(queued(), "X-Seen: yes\nSubject: x\nX-Bytes: 8\n\none\ntwo\n");
}

TEST_F(MessageStreams, AtTheEndTheMessageMayBeRefused) {
  add(Interest::message);
  EXPECT_EQ(send("Subject: x\r\n\r\na virus\r\n"), "554 no viruses\r\n");
  EXPECT_TRUE(is_taken("Subject: x\r\n\r\nnothing\r\n"));
}

TEST_F(MessageStreams, ALargeMessageIsHeldInAFile) {
  add(Interest::message);
  std::string body;
  while (body.size() < 1000000) body += "a line of a body that is not small at all\n";
  std::string sent = body;
  for (std::size_t at = 0; (at = sent.find('\n', at)) != std::string::npos; at += 2)
    sent.replace(at, 1, "\r\n");
  ASSERT_TRUE(is_taken("Subject: x\r\n\r\n" + sent));
  EXPECT_EQ(queued(), "X-Seen: yes\nSubject: x\nX-Bytes: " + std::to_string(body.size()) + "\n\n" + body);
}

TEST_F(MessageStreams, WhatHasNoHeaderGetsOne) {
  add(Interest::header);
  ASSERT_TRUE(is_taken("no field at all\r\n"));
  EXPECT_EQ(queued(), "X-Seen: yes\n\nno field at all\n");
  ASSERT_TRUE(is_taken(""));
  EXPECT_EQ(queued(), "X-Seen: yes\n\n");
  ASSERT_TRUE(is_taken("Subject: x\r\n"));
  EXPECT_EQ(queued(), "X-Seen: yes\nSubject: x\n\n");
}

TEST_F(MessageStreams, AHeaderWithoutEndIsRefused) {
  add(Interest::header);
  std::string header;
  while (header.size() <= 2 * longest_header) header += "X-Long: and a little longer\r\n";
  EXPECT_EQ(send(header + "\r\nbody\r\n"), "552 sorry, that header is too large for me (#5.3.4)\r\n");
}

TEST_F(MessageStreams, WhatIsTooLargeIsRefusedForThat) {
  add(Interest::message);
  longest_message_ = 20;
  EXPECT_EQ(send("Subject: x\r\n\r\na virus that is too large\r\n"),
            "552 sorry, that message size exceeds my databytes limit (#5.3.4)\r\n");
}

TEST_F(MessageStreams, OneFeatureSeesWhatAnotherOneChanged) {
  add(Interest::header);
  add(Interest::message);
  ASSERT_TRUE(is_taken("\r\nbody\r\n"));
  EXPECT_EQ(queued(), "X-Seen: yes\nX-Seen: yes\nX-Bytes: 5\n\nbody\n");
}

}  // namespace
}  // namespace qmail::smtpd
