#include "core/programs/qmail-rspawn/remote_report.h"

#include <gtest/gtest.h>

#include "tests/support/wait_status.h"

namespace qmail {
namespace {

using namespace std::string_view_literals;
using test::exited;

struct Case {
  int status;  ///< as waitpid(2) gives it
  std::string_view output;
  std::string_view report;
};

using test::exited;

TEST(RemoteReport, DecidesFromRecipientAndMessage) {
  const Case cases[] = {
      {9, "rok\0Kaccepted\0"sv, "Zqmail-remote crashed.\n"},
      {exited(111), ""sv, "ZUnable to run qmail-remote.\n"},
      {exited(100), ""sv, "DUnable to run qmail-remote.\n"},
      {exited(1), "rok\0Kaccepted\0"sv, "DUnable to run qmail-remote.\n"},
      {0, ""sv, "Zqmail-remote produced no output.\n"},
      {0, "r\0K1.2.3.4 accepted message.\n\0"sv, "K1.2.3.4 accepted message.\n"},
      {0, "rtext \0Kaccepted\n\0"sv, "Ktext accepted\n"},
      {0, "r\0Zlater\n\0"sv, "Zlater\n"},
      {0, "r\0Dno\n\0"sv, "Dno\n"},
      // The recipient was refused: what the message got is of no interest unless it is no better.
      {0, "hno such user\n\0Kaccepted\n\0"sv, "Dno such user\n"},
      {0, "hno such user\n\0Dgiving up\n\0"sv, "Dno such user\ngiving up\n"},
      {0, "hno such user\n\0Zlater\n\0"sv, "Dno such user\n"},
      {0, "sbusy\n\0Kaccepted\n\0"sv, "Zbusy\n"},
      {0, "sbusy\n\0Zlater\n\0"sv, "Zbusy\nlater\n"},
      {0, "sbusy\n\0Dgiving up\n\0"sv, "Zbusy\ngiving up\n"},
      // No recipient report: the message report is taken for one.
      {0, "ZSorry, no DNS.\n\0"sv, "ZSorry, no DNS.\n"},
      {0, "Dno\n\0"sv, "Dno\n"},
      // Neither: a failure without a text that ends.
      {0, "garbage"sv, "D"},
      {0, "r\0garbage\0"sv, "D"},
      {0, "\0\0K\0"sv, "K"},
      {0, "r\0Kunfinished"sv, "Dunfinished"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(remote_report(c.status, c.output), c.report) << testing::PrintToString(c.output);
}

TEST(RemoteReport, GivesEveryRecipientHisOwn) {
  using Reports = std::vector<std::string>;
  EXPECT_EQ(remote_reports(0, "r\0hno such user\n\0sbusy\n\0Kaccepted\n\0"sv, 3),
            (Reports{"Kaccepted\n", "Dno such user\n", "Zbusy\n"}));
  EXPECT_EQ(remote_reports(0, "hno\n\0sbusy\n\0Dgiving up\n\0"sv, 2),
            (Reports{"Dno\ngiving up\n", "Zbusy\ngiving up\n"}));
  // The connection died before the second recipient was named, or before any was.
  EXPECT_EQ(remote_reports(0, "hno\n\0Zdied\n\0"sv, 3), (Reports{"Dno\n", "Zdied\n", "Zdied\n"}));
  EXPECT_EQ(remote_reports(0, "Zdied\n\0"sv, 2), (Reports{"Zdied\n", "Zdied\n"}));
  EXPECT_EQ(remote_reports(9, "r\0r\0K\0"sv, 2), Reports(2, "Zqmail-remote crashed.\n"));
  EXPECT_EQ(remote_reports(0, "r\0"sv, 2), (Reports{"D", "Zqmail-remote produced no output.\n"}));
  EXPECT_EQ(remote_reports(0, "garbage"sv, 2), (Reports{"D", "D"}));
}

}  // namespace
}  // namespace qmail
