#include <gtest/gtest.h>

#include "core/programs/qmail-vacation/answered.h"
#include "core/programs/qmail-vacation/incoming.h"
#include "core/programs/qmail-vacation/reply.h"

namespace qmail::vacation {
namespace {

TEST(VacationHeader, KeepsCopiesOnOneLineAndShort) {
  Incoming incoming({"me@x"});
  incoming.take("Subject: a\n b\r\n\tc\n");
  EXPECT_EQ(incoming.subject(), "a b\tc");
  incoming.take("Message-ID: <" + std::string(5000, 'x') + ">\n");
  EXPECT_EQ(incoming.message_id().size(), 900U);
}

TEST(VacationHeader, FindsOwnAddressesHoweverTheyAreWritten) {
  for (const char* field : {"To: me@x\n", "cc: You <you@x>,\n (hi) Me <ME@X>\n", "Resent-To: \"me\"@x\n",
                            "Bcc: g: a@b, me@x;\n"}) {
    Incoming incoming({"other@x", "me@x"});
    incoming.take(field);
    EXPECT_EQ(incoming.named(), "me@x") << field;
  }
  for (const char* field : {"To: \"me@x\" <you@x>\n", "From: me@x\n", "To: (me@x\n", "X-To: me@x\n"}) {
    Incoming incoming({"me@x"});
    incoming.take(field);
    EXPECT_EQ(incoming.named(), std::nullopt) << field;
  }
}

TEST(VacationMemory, ForgetsInTime) {
  const auto answered = Answered::read("100 a@x\n200 b@x\n300 c@x\n900 d@x\n-1 e@x\n250\n250 \n", 400, 201);
  EXPECT_EQ(answered.text(), "200 b@x\n300 c@x\n400 d@x\n");
  EXPECT_TRUE(answered.has("B@X"));
  EXPECT_FALSE(answered.has("a@x"));
}

TEST(VacationMemory, StaysBounded) {
  Answered answered;
  const std::string stem(900, 'x');
  std::size_t count = 0;
  while (answered.add(stem + std::to_string(count), 4000000000)) ++count;
  EXPECT_GT(count, 1000U);
  EXPECT_LE(answered.text().size(), Answered::most_bytes);
  EXPECT_FALSE(answered.has(stem + std::to_string(count)));
  answered.remove(stem + "0");
  EXPECT_FALSE(answered.has(stem + "0"));
}

TEST(VacationReply, CannotBeGivenOtherFieldsBySomebodyElse) {
  Incoming incoming({"me@x"});
  incoming.take("Subject: a\r\nBcc: victim@x\n");
  const std::string message =
      compose("$SUBJECT", incoming, {.from = "me@x", .to = "a b@y", .message_id = "<1@x>", .now = 0});
  EXPECT_EQ(message,
            "Date: 1 Jan 1970 00:00:00 -0000\nMessage-ID: <1@x>\nFrom: <me@x>\nTo: <\"a b\"@y>\nSubject: "
            "Auto: aBcc: victim@x\n"
            "Auto-Submitted: auto-replied\n\naBcc: victim@x");
}

TEST(VacationReply, TakesTheUsersFieldsButNotThoseThatMakeItAnAnswer) {
  const Incoming incoming({"me@x"});
  const auto text = [&](std::string_view draft) {
    const std::string whole =
        compose(draft, incoming, {.from = "me@x", .to = "a@y", .message_id = "<1@x>", .now = 0});
    return whole.substr(whole.find("To: <a@y>\n") + 10);
  };
  EXPECT_EQ(text("X-A: b\n c\nauto-submitted: no\n\nbody\n"),
            "Subject: Auto: \nX-A: b\n c\nAuto-Submitted: auto-replied\n\nbody\n");
  EXPECT_EQ(text("no field\nX-A: b\n"),
            "Subject: Auto: \nAuto-Submitted: auto-replied\n\nno field\nX-A: b\n");
  EXPECT_EQ(text("Subject: s"), "Subject: s\nAuto-Submitted: auto-replied\n\n");
  EXPECT_EQ(text(""), "Subject: Auto: \nAuto-Submitted: auto-replied\n\n");
}

}  // namespace
}  // namespace qmail::vacation
