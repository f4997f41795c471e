#include "core/programs/qmail-send/message_id.h"

#include <gtest/gtest.h>

namespace qmail::send {
namespace {

TEST(MessageIdOfAHeader, IsFoundWhereverItStands) {
  EXPECT_EQ(find_message_id("Received: x\n by y\nMessage-ID: <1@x>\nSubject: z\n\nbody\n"), "<1@x>");
  EXPECT_EQ(find_message_id("message-id:<1@x>\n"), "<1@x>");
  EXPECT_EQ(find_message_id("Message-Id:\n <1@x>\n\t \n"), "<1@x>");
  EXPECT_EQ(find_message_id("Message-ID: <1@x>\nMessage-ID: <2@x>\n\n"), "<1@x>");
}

TEST(MessageIdOfAHeader, IsNotInTheBody) {
  EXPECT_EQ(find_message_id("Subject: x\n\nMessage-ID: <1@x>\n"), "");
  EXPECT_EQ(find_message_id("no field\nMessage-ID: <1@x>\n"), "");
  EXPECT_EQ(find_message_id(""), "");
  EXPECT_EQ(find_message_id("Resent-Message-ID: <1@x>\n\n"), "");
}

TEST(MessageIdOfAHeader, IsNoCutOne) {
  EXPECT_EQ(find_message_id("Message-ID: <1@"), "");
  EXPECT_LT(find_message_id("Message-ID: <" + std::string(5000, 'x') + ">\n\n").size(), 1100U);
}

}  // namespace
}  // namespace qmail::send
