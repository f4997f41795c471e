#include "core/programs/qmail-inject/inject.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::inject {
namespace {

/// A home with control/me, a message in a pipe, and what `-n` printed.
class Injecting : public testing::Test {
 protected:
  Injecting() { home_.write("control/me", "me.example\n"); }

  std::string print(const std::string& message, std::vector<std::string> args = {}) {
    args.insert(args.begin(), "-n");
    Pipe in = Pipe::make();
    Pipe out = Pipe::make();
    write_all(in.write.get(), message, "message");
    in.write.close();
    inject({.args = args,
            .environment = {{"USER", "joe"}},
            .home = home_.open(),
            .clock = test::FakeClock(1795252747),
            .pid = 4711,
            .in = in.read.get(),
            .out = out.write.get()});
    out.write.close();
    return read_all(out.read.get(), 65536, "output").value_or("too long");
  }

 private:
  test::TempHome home_;
};

TEST_F(Injecting, AddsAllThatIsMissing) {
  EXPECT_EQ(print("Subject: hi\n\nbody"),
            "Return-Path: <joe@me.example>\n"
            "Date: 21 Nov 2026 09:19:07 -0000\n"
            "Message-ID: <20261121091907.4711.qmail@me.example>\n"
            "From: joe@me.example\n"
            "Cc: recipient list not shown: ;\n"
            "Subject: hi\n"
            "\n"
            "body\n");
}

TEST_F(Injecting, AddsTheResentFieldsToAResentMessage) {
  EXPECT_EQ(print("Resent-Bcc: x\nFrom: ann@b.example\n"),
            "Return-Path: <joe@me.example>\n"
            "Resent-Date: 21 Nov 2026 09:19:07 -0000\n"
            "Resent-Message-ID: <20261121091907.4711.qmail@me.example>\n"
            "Resent-From: joe@me.example\n"
            "Resent-Cc: recipient list not shown: ;\n"
            "From: ann@b.example\n");
}

TEST_F(Injecting, SeparatesABodyThatFollowsTheHeaderWithoutABlankLine) {
  const std::string printed = print("hello\nTo: x\n");
  EXPECT_TRUE(printed.ends_with("shown: ;\n\nhello\nTo: x\n")) << printed;
}

TEST_F(Injecting, RefusesAnAuthorWithBadSyntax) {
  try {
    print("From: )\n\n");
    FAIL() << "accepted";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), Exit::permanent);
    EXPECT_STREQ(failure.what(), "unable to parse this line:\nFrom: )");
  }
}

TEST_F(Injecting, RefusesABadAddressArgument) {
  try {
    print("\n", {"a@(b"});
    FAIL() << "accepted";
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(), "unable to parse address: a@(b");
  }
}

}  // namespace
}  // namespace qmail::inject
