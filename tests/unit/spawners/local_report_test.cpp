#include "core/programs/qmail-lspawn/local_report.h"

#include <gtest/gtest.h>

#include "core/programs/qmail-lspawn/local_child.h"
#include "tests/support/wait_status.h"

namespace qmail {
namespace {

using namespace std::string_view_literals;
using test::exited;

TEST(LocalReport, GoesByTheExitCode) {
  struct Case {
    int status;
    std::string_view report;
  };
  const Case cases[] = {
      {11, "Zqmail-local crashed.\n"},
      {exited(0), "Ktext\n"},
      {exited(1), "Dtext\n"},
      {exited(100), "Dtext\n"},
      {exited(71), "Ztext\n"},
      {exited(74), "Ztext\n"},
      {exited(75), "Ztext\n"},
      {exited(111), "Ztext\n"},
      {exited(112), "ZInternal qmail-lspawn bug.\n"},
      {exited(113), "ZNot allowed to perform deliveries as root.\n"},
      {exited(114), "Dtext\n"},
      {exited(115), "ZNFS failure in qmail-local.\n"},
      {exited(116), "ZUnable to find alias user!\n"},
      {exited(117), "ZTrouble reading users/cdb in qmail-lspawn.\n"},
      {exited(118), "ZTemporary failure in qmail-lspawn.\n"},
      {exited(119), "ZOut of memory in qmail-lspawn.\n"},
      {exited(120), "ZUnable to run qmail-local.\n"},
      {exited(121), "ZUnable to run qmail-getpw.\n"},
      {exited(126), "DUnable to run qmail-local.\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(local_report(c.status, "text\n\0more"sv), c.report) << c.status;
}

TEST(LocalReport, SaysThatItWasCut) {
  EXPECT_EQ(local_report(exited(100), std::string(3000, 'x')), "D" + std::string(3000, 'x'));
  EXPECT_EQ(local_report(exited(100), std::string(longest_local_output, 'x')),
            "D" + std::string(2966, 'x') + "\nError report too long, sorry.\n");
}

TEST(Lspawn, GivesQmailLocalTheArgumentsOfItsPage) {
  const queue::Delivery delivery{.slot = 0, .message = Fd(), .sender = "s@h", .recipients = {"me-Ext@host"}};
  const users::UserRecord user{
      .user = "me", .uid = 1, .gid = 2, .home = "/home/me", .dash = "-", .ext = "Ext"};
  EXPECT_EQ(local_arguments(user, delivery, "./Mailbox"),
            (std::vector<std::string>{"bin/qmail-local", "--", "me", "/home/me", "me-Ext", "-", "Ext", "host",
                                      "s@h", "./Mailbox"}));
}

}  // namespace
}  // namespace qmail
