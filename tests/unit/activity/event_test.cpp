#include "core/log/activity/event.h"

#include <gtest/gtest.h>

#include "core/log/events.h"

namespace qmail::activity {
namespace {

/// What parse_event() makes of a line that qmail-send writes.
template <typename Kind>
Kind read(const std::string& line) {
  const auto event = parse_event(std::string_view(line).substr(0, line.size() - 1));
  EXPECT_TRUE(event && std::holds_alternative<Kind>(*event)) << line;
  return event && std::holds_alternative<Kind>(*event) ? std::get<Kind>(*event) : Kind{};
}

TEST(Event, UnderstandsWhatQmailSendWrites) {
  EXPECT_EQ(read<NewMessage>(log::new_message(53)).message, 53U);
  EXPECT_EQ(read<EndOfMessage>(log::end_message(53)).message, 53U);
  const std::string line = log::info_message(53, {.size_bytes = 246, .sender = "a b@c", .qp = 7, .uid = 8});
  const Info info = read<Info>(line);
  EXPECT_EQ(info.message, 53U);
  EXPECT_EQ(info.bytes, 246U);
  EXPECT_EQ(info.sender, "<a_b@c>");
  EXPECT_EQ(info.qp, 7U);
  EXPECT_EQ(info.uid, 8U);
}

TEST(Event, UnderstandsDeliveries) {
  const std::string line = log::starting_delivery(9, 53, "remote", "you@there.example");
  const Started started = read<Started>(line);
  EXPECT_EQ(started.delivery, 9U);
  EXPECT_EQ(started.message, 53U);
  EXPECT_EQ(started.channel, "remote");
  EXPECT_EQ(started.recipient, "you@there.example");
  EXPECT_EQ(read<Finished>(log::delivery_success(9, "ok then")).outcome, Outcome::success);
  EXPECT_EQ(read<Finished>(log::delivery_failure(9, "")).outcome, Outcome::failure);
  EXPECT_EQ(read<Finished>(log::delivery_deferral(9, "x")).outcome, Outcome::deferral);
  EXPECT_EQ(read<Finished>(log::delivery_mangled(9)).outcome, Outcome::deferral);
  EXPECT_EQ(read<Finished>(log::delivery_mangled(9)).reason, "report_mangled");
  const std::string success = log::delivery_success(9, "ok then\n");
  EXPECT_EQ(read<Finished>(success).reason, "ok_then/");
}

TEST(Event, PassesOverStatusAndTroubleAlike) {
  read<Status>(log::status({1, 10}, {2, 20}, true));
  read<Status>(log::exiting());
  read<Trouble>(log::warning_injecting());
  read<Trouble>(log::alert_lost_clean());
  EXPECT_FALSE(parse_event(log::bounce_message(5, 6)));
  EXPECT_FALSE(parse_event(log::triple_bounce("bounce/5")));
}

TEST(Event, UnderstandsTheFirstQmails) {
  read<Restarted>("running\n");
  read<Restarted>("exiting\n");
  EXPECT_FALSE(parse_event("running amok"));
}

TEST(Event, IgnoresFurtherWords) {
  read<Info>("info msg 53: bytes 246 from <> qp 7 uid 8 queue5\n");
  read<EndOfMessage>("end msg 53 queue5\n");
}

TEST(Event, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", " ", "new", "new msg", "new msg x", "new message 5", "end msg -1", "end msg 18446744073709551616",
        "info msg 53 bytes 1 from <> qp 1 uid 1", "info msg 53: bytes 1 from", "info msg 53: bytes 1",
        "starting delivery 1 msg 5 to local x", "starting delivery 1: msg 5 to local", "delivery",
        "delivery 1:", "delivery 1: victory: x", "delivery x: success: x", "extra 5 1 1", "information"})
    EXPECT_FALSE(parse_event(text)) << text;
}

}  // namespace
}  // namespace qmail::activity
