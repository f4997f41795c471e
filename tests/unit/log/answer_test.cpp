#include "core/log/answer.h"

#include <gtest/gtest.h>

namespace qmail::log {
namespace {

struct Report {
  std::string_view text, host, answer;
};

TEST(Answer, IsTakenFromEveryReportOfQmailRemote) {
  for (const Report& report : std::initializer_list<Report>{
           {"192.0.2.25 accepted message.\nRemote host said: 250 ok 17\n", "192.0.2.25", "250 ok 17"},
           {"192.0.2.25 accepted message.\nRemote host said: 250 ok 17\nConnection: TLSv1.3\n", "192.0.2.25",
            "250 ok 17"},
           {"2001:db8::25 accepted message.\nRemote host said: 250 ok\n", "2001:db8::25", "250 ok"},
           {"192.0.2.25 does not like recipient.\nRemote host said: 550-no\n550 never\n"
            "Giving up on 192.0.2.25.\n",
            "192.0.2.25", "550-no\n550 never"},
           {"Connected to 192.0.2.25 but sender was rejected.\nRemote host said: 451 later\n", "192.0.2.25",
            "451 later"},
           {"192.0.2.25 failed after I sent the message.\nRemote host said: 554 x\n", "192.0.2.25", "554 x"},
           {"Connected to 192.0.2.25 but connection died. (#4.4.2)\n", "192.0.2.25", ""},
           {"Giving up on 192.0.2.25.\n", "192.0.2.25", ""},
           {"Sorry, I couldn't find any host named nowhere.example. (#5.1.2)\n", "", ""},
           {"Remote host said: 250 ok", "", "250 ok"},
           {"Remote host said: ", "", ""},
           {"192.0.2.256 accepted message.\n", "", ""},
           {"did 1+0+0\n", "", ""},
           {"\n\n\n", "", ""},
           {"", "", ""}}) {
    const Answer answer = parse_answer(report.text);
    EXPECT_EQ(answer.host, report.host) << report.text;
    EXPECT_EQ(answer.text, report.answer) << report.text;
  }
}

}  // namespace
}  // namespace qmail::log
