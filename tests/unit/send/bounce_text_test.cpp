#include "core/programs/qmail-send/bounce_text.h"

#include <gtest/gtest.h>

namespace qmail::send {
namespace {

constexpr std::int64_t moment = 812090813;  // 26 Sep 1995 04:46:53

TEST(BounceText, TellsASenderOfPermanentErrors) {
  const BounceFacts facts{.now = moment,
                          .bouncefrom = "MAILER-DAEMON",
                          .bouncehost = "mx.example",
                          .recipient = "joe q@home.example",
                          .sender = "joe q@home.example"};
  EXPECT_EQ(bounce_head(facts),
            "Date: 26 Sep 1995 04:46:53 -0000\n"
            "From: MAILER-DAEMON@mx.example\n"
            "To: \"joe q\"@home.example\n"
            "Subject: failure notice\n"
            "\n"
            "Hi. This is the qmail-send program at mx.example.\n"
            "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
            "This is a permanent error; I've given up. Sorry it didn't work out.\n"
            "\n");
  EXPECT_EQ(bounce_tail(facts),
            "--- Below this line is a copy of the message.\n"
            "\n"
            "Return-Path: <\"joe q\"@home.example>\n");
}

TEST(BounceText, TellsThePostmasterOfADoubleBounce) {
  const BounceFacts facts{.now = moment,
                          .bouncefrom = "MAILER DAEMON",
                          .bouncehost = "mx.example",
                          .recipient = "postmaster@mx.example",
                          .sender = ""};
  EXPECT_EQ(bounce_head(facts),
            "Date: 26 Sep 1995 04:46:53 -0000\n"
            "From: \"MAILER DAEMON\"@mx.example\n"
            "To: postmaster@mx.example\n"
            "Subject: failure notice\n"
            "\n"
            "Hi. This is the qmail-send program at mx.example.\n"
            "I tried to deliver a bounce message to this address, but the bounce bounced!\n"
            "\n");
  EXPECT_EQ(bounce_tail(facts), "--- Below this line is the original bounce.\n\nReturn-Path: <>\n");
}

}  // namespace
}  // namespace qmail::send
