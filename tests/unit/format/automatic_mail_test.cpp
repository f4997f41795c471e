#include "core/format/automatic_mail.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(AutomaticMail, IsAnsweredToPersonsOnly) {
  for (const char* sender :
       {"", "#@[]", "Mailer-Daemon@x", "postmaster", "owner-l@x", "l-request@x", "l-owner@x", "l-bounces@x",
        "l-return-12-me=x@y", "l-bounces+me=x@y", "noreply@x", "a\nb@x", "a\x7f@x"})
    EXPECT_NE(why_no_answer_to(sender), "") << sender;
  for (const char* sender : {"joe@x", "joe", "requester@x", "owner@x", "return@x", "\xc3\xa9@x"})
    EXPECT_EQ(why_no_answer_to(sender), "") << sender;
}

TEST(AutomaticMail, ShowsInTheHeader) {
  for (const char* field :
       {"Auto-Submitted: auto-replied\n", "auto-submitted: auto-generated; x\n", "Precedence: BULK \n",
        "Precedence:\n list\n", "precedence: junk\n", "List-Id: <l.x>\n", "Mailing-List: l\n",
        "X-BeenThere: l@x\n", "X-Spam-Flag: YES\n", "X-Auto-Response-Suppress: DR, OOF\n"})
    EXPECT_NE(why_no_answer_after(field), "") << field;
  for (const char* field :
       {"Auto-Submitted: no\n", "Auto-Submitted: No (hi)\n", "Precedence: first-class\n",
        "Subject: List-Id: x\n", "X-Spam-Flag: NO\n", "X-Auto-Response-Suppress: DR\n", ":\n", ""})
    EXPECT_EQ(why_no_answer_after(field), "") << field;
}

}  // namespace
}  // namespace qmail
