#include "core/programs/qmail-local/qmail_local.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/base/program.h"
#include "tests/support/fake_clock.h"
#include "tests/support/huge_file.h"
#include "tests/support/temp_home.h"

const qmail::ProgramText qmail::program_text{"qmail-local", "", "", ""};

namespace qmail::local {
namespace {

/// The words of the Failure that ends a delivery to joe@here.example.
std::string failure_with(const Fd& message) {
  const test::TempHome home;
  const test::FakeClock clock(1795337285);
  mailbox::Shared shared{.names = mailbox::UniqueNames(clock, 7, "host")};
  try {
    deliver({.recipient = {.user = "joe",
                           .home = home.path().string(),
                           .local = "joe",
                           .dash = "",
                           .ext = "",
                           .domain = "here.example",
                           .sender = "",
                           .default_delivery = "./Mailbox"},
             .is_rehearsal = false,
             .message = message.get(),
             .out = 1,
             .err = 2,
             .environment = {},
             .shared = shared,
             .clock = clock,
             .qmail_home = home.path().string()});
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "";
}

// Stock kept the whole line, counted its length in 32 bits, and wrote behind its memory: CVE-2005-1513,
// exploited through qmail-local in 2020.
TEST(QmailLocal, ReadsOnBehindAHeaderLineOfFourGigabytes) {
  EXPECT_EQ(failure_with(test::huge_file("\nDelivered-To: joe@here.example\n\nbody\n")),
            "This message is looping: it already has my Delivered-To line. (#5.4.6)");
}

}  // namespace
}  // namespace qmail::local
