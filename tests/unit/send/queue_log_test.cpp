// qmail-send with a queue log: a scripted resident qmail-queue tells of messages and takes the orders.
#include <gtest/gtest.h>

#include "core/queue/state.h"
#include "tests/support/send_fixture.h"

namespace qmail::test {
namespace {

using queue::DeliveryRequest;
using queue::Part;
using Orders = std::vector<std::string>;

class QueueLogTest : public SendFixture {
 protected:
  QueueLogTest() : log((home.path() / "log").string()) {}

  static FakeLog::Message message(queue::Number id, const std::vector<std::string>& recipients) {
    return {.id = id,
            .sender = "me@here.example",
            .recipients = recipients,
            .body = "Subject: x\n\nhello\n",
            .birth = ::time(nullptr)};
  }
  std::string read(Part part, queue::Number number) const {
    return home.read("queue/" + name_of(part, number));
  }
  std::int64_t time_of(Part part, queue::Number number) const {
    struct stat found {};
    ::stat((home.path() / "queue" / name_of(part, number)).c_str(), &found);
    return found.st_mtime;
  }
  bool is_empty() const {
    const queue::Layout layout = home.queue();
    for (const Part part : queue::every_part)
      for (const std::string& folder : queue::folders_of(part))
        if (!layout.numbers_in(folder).empty()) return false;
    return true;
  }

  std::string send(const std::function<std::string(const DeliveryRequest&)>& deliver,
                   const std::function<bool()>& is_finished = {}) {
    log.orders.clear();
    SendRun run = run_with(deliver);
    run.is_finished = is_finished ? is_finished : [&] { return log.live().empty(); };
    run.patience = std::chrono::seconds(2);
    run.queue_log = &log;
    run.exit_code = &exit_code;
    run.settles = settles;
    return run_send(run);
  }

  FakeLog log;
  int exit_code = -1;
  bool settles = false;
};

std::string defer(const DeliveryRequest&) { return "Znot now\n"; }

TEST_F(QueueLogTest, DeliversAMessageWithoutAFileAndWithOneOrder) {
  log.arriving = {message(457, {"you@here.example"})};
  EXPECT_EQ(send(succeed),
            "status: local 0/10 remote 0/20\n"
            "new msg 457\n"
            "info msg 457: bytes 18 from <me@here.example> qp 4711 uid 1000\n"
            "starting delivery 1: msg 457 to local you@here.example\n"
            "status: local 1/10 remote 0/20\n"
            "delivery 1: success: done/\n"
            "status: local 0/10 remote 0/20\n"
            "end msg 457\n"
            "status: exiting\n");
  EXPECT_EQ(log.orders, (Orders{"ended 457", "drain"}));
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].message, "+20/457");
  EXPECT_EQ(requests[0].recipients.front(), "you@here.example");
  EXPECT_TRUE(is_empty());
  EXPECT_EQ(exit_code, 0);
}

TEST_F(QueueLogTest, TellsTheLogOfEachOfSeveralRecipients) {
  log.arriving = {message(457, {"a@here.example", "b@far.example", "c@here.example"})};
  const std::string text = send(succeed);
  EXPECT_TRUE(text.find("delivery 3: success: done/\n") != std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("end msg 457\nstatus: exiting\n")) << text;
  // If the others are known to be done, the end stands for the last one.
  EXPECT_EQ(std::count(log.orders.begin(), log.orders.end(), "ended 457"), 1);
  EXPECT_GE(std::count_if(log.orders.begin(), log.orders.end(),
                          [](const std::string& order) { return order.starts_with("outcome 457 "); }),
            2);
}

TEST_F(QueueLogTest, ADeliveryRunsUntilTheLogKnowsItsEnd) {
  home.write("control/concurrencylocal", "2\n");
  log.arriving = {message(457, {"a@here.example"}), message(458, {"b@here.example"}),
                  message(459, {"c@here.example"})};
  log.answers_from = 3;  // that is the order to drain
  const std::string text = send(succeed);
  EXPECT_EQ(requests.size(), 2U) << text;
  EXPECT_EQ(text.find("delivery 3"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("status: exiting\n")) << text;
}

TEST_F(QueueLogTest, GetsABodyThatDidNotCome) {
  log.passes_bodies = false;
  log.arriving = {message(457, {"a@here.example"}), message(458, {"b@far.example", "c@here.example"})};
  EXPECT_TRUE(send(succeed).ends_with("status: exiting\n"));
  EXPECT_EQ(log.live().size(), 0U);
  EXPECT_EQ(requests.size(), 3U);
  EXPECT_TRUE(is_empty());
}

TEST_F(QueueLogTest, BouncesFromTheLog) {
  log.arriving = {message(457, {"you@here.example", "good@here.example"})};
  const std::string text = events(send([](const DeliveryRequest& request) {
    return request.recipients.front().starts_with("good") ? "Kdone\n" : "Dno such user\n";
  }));
  EXPECT_TRUE(text.ends_with("bounce msg 457 qp P\nend msg 457\n")) << text;
  EXPECT_TRUE(
      home.read("bounces").ends_with("<you@here.example>:\n"
                                     "no such user\n"
                                     "\n"
                                     "--- Below this line is a copy of the message.\n"
                                     "\n"
                                     "Return-Path: <me@here.example>\n"
                                     "Subject: x\n"
                                     "\n"
                                     "hello\n"
                                     "F.Tme@here.example.."))
      << home.read("bounces");
  EXPECT_TRUE(is_empty());
}

TEST_F(QueueLogTest, BouncesWhenTheOnlyRecipientFailed) {
  log.arriving = {message(457, {"you@here.example"})};
  EXPECT_TRUE(events(send(fail))
                  .ends_with("delivery 1: failure: no_such_user/\n"
                             "bounce msg 457 qp P\n"
                             "end msg 457\n"));
  EXPECT_EQ(log.orders, (Orders{"outcome 457 0 D", "get 457", "ended 457", "drain"}));
}

TEST_F(QueueLogTest, MovesWhatItsFirstAttemptDidNotDeliver) {
  log.arriving = {message(457, {"good@here.example", "later@here.example", "bad@far.example"})};
  log.arriving[0].birth = ::time(nullptr) - 500;
  const std::string text = events(send([](const DeliveryRequest& request) {
    const std::string& to = request.recipients.front();
    return to.starts_with("good") ? "Kdone\n" : to.starts_with("bad") ? "Dno such user\n" : "Znot now\n";
  }));
  EXPECT_EQ(text.find("end msg"), std::string::npos) << text;
  EXPECT_EQ(log.live().size(), 0U);
  EXPECT_EQ(read(Part::mess, 457), "Subject: x\n\nhello\n");
  EXPECT_EQ(read(Part::info, 457), records({"Fme@here.example"}));
  EXPECT_EQ(read(Part::local, 457), records({"Dgood@here.example", "Tlater@here.example"}));
  EXPECT_FALSE(has(Part::remote, 457));
  EXPECT_EQ(read(Part::bounce, 457), "<bad@far.example>:\nno such user\n\n");
  EXPECT_EQ(time_of(Part::info, 457), log.arriving[0].birth);
  EXPECT_NEAR(static_cast<double>(time_of(Part::local, 457)),
              static_cast<double>(log.arriving[0].birth) + 32 * 32, 70.0);
  EXPECT_EQ(exit_code, 0);
}

TEST_F(QueueLogTest, AMovedMessageIsDeliveredFromTheLayoutWithoutASecondNewLine) {
  log.arriving = {message(457, {"later@here.example"})};
  send(defer);
  EXPECT_EQ(classify(files_of(home.queue(), 457)), queue::State::preprocessed);
  std::filesystem::last_write_time(home.path() / "queue" / name_of(Part::local, 457),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  std::filesystem::last_write_time(home.path() / "queue" / name_of(Part::info, 457),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(events(send(succeed, [&] { return is_empty(); })),
            "starting delivery 1: msg 457 to local later@here.example\n"
            "delivery 1: success: done/\n"
            "end msg 457\n");
}

TEST_F(QueueLogTest, AStoppedQueueHasEverythingInTheLayout) {
  home.write("control/concurrencylocal", "0\n");
  for (queue::Number id = 450; id < 550; ++id) log.arriving.push_back(message(id, {"you@here.example"}));
  send(succeed, [] { return true; });
  // What came too late to be heard of is still in the log, and qmail-queue has not been asked to end.
  for (const FakeLog::Message& one : log.arriving)
    if (!log.live().contains(one.id)) {
      EXPECT_EQ(classify(files_of(home.queue(), one.id)), queue::State::preprocessed);
    }
  EXPECT_EQ(log.live().size(), 0U);
  EXPECT_EQ(exit_code, 0);
}

TEST_F(QueueLogTest, ADeliveryThatRunsAtTheEndIsMarkedInTheLayout) {
  log.arriving = {message(457, {"you@here.example", "later@here.example"})};
  home.write("control/concurrencylocal", "1\n");
  std::atomic<bool> is_running = false;
  send(
      [&](const DeliveryRequest&) {
        is_running = true;
        for (int i = 0; i < 2000 && !has(Part::info, 457); ++i)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return "Kdone\n";
      },
      [&] { return is_running.load(); });
  EXPECT_EQ(read(Part::local, 457), records({"Dyou@here.example", "Tlater@here.example"}));
  EXPECT_EQ(log.live().size(), 0U);
}

TEST_F(QueueLogTest, ReplayedOutcomesAreNotRepeated) {
  log.dies_at = 2;
  log.arriving = {message(457, {"good@here.example", "slow@here.example"})};
  EXPECT_TRUE(send([](const DeliveryRequest& request) {
                if (request.recipients.front().starts_with("slow"))
                  std::this_thread::sleep_for(std::chrono::milliseconds(200));
                return "Kdone\n";
              }).ends_with("status: exiting\n"));
  EXPECT_EQ(exit_code, 111);
  EXPECT_EQ(log.live().size(), 1U);
  log.dies_at = 0;
  requests.clear();
  EXPECT_TRUE(send(succeed).ends_with("end msg 457\nstatus: exiting\n"));
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].recipients.front(), "slow@here.example");
  EXPECT_EQ(exit_code, 0);
}

TEST_F(QueueLogTest, SaysThatQmailQueueIsLost) {
  log.dies_at = 1;
  log.arriving = {message(457, {"good@here.example"})};
  const std::string text = send(succeed);
  EXPECT_NE(text.find("alert: oh no! lost qmail-queue connection! dying...\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("end msg"), std::string::npos) << text;
  EXPECT_EQ(exit_code, 111);
}

TEST_F(QueueLogTest, AnIdWithInfoBelongsToTheLayout) {
  log.found = {message(457, {"you@here.example"})};
  home.write("queue/mess/20/457", "Subject: x\n\nhello\n");
  home.write("queue/info/20/457", records({"Fme@here.example"}));
  home.write("queue/local/20/457", records({"Dyou@here.example"}));
  EXPECT_EQ(events(send(succeed, [&] { return is_empty(); })), "end msg 457\n");
  EXPECT_EQ(log.orders, (Orders{"moved 457", "drain"}));
  EXPECT_TRUE(requests.empty());
}

TEST_F(QueueLogTest, SettlingLeavesAMessageThatIsDoneToTheNextStart) {
  log.found = {message(457, {"you@here.example"})};
  home.write("queue/mess/20/457", "Subject: x\n\nhello\n");
  home.write("queue/info/20/457", records({"Fme@here.example"}));
  home.write("queue/local/20/457", records({"Dyou@here.example"}));
  settles = true;
  EXPECT_EQ(events(send(succeed)), "");
  EXPECT_EQ(log.orders, (Orders{"moved 457", "drain"}));
  EXPECT_EQ(read(Part::info, 457), records({"Fme@here.example"}));
  EXPECT_EQ(exit_code, 0);
}

TEST_F(QueueLogTest, AMessageThatWasOnItsWayIntoTheLayoutGetsThere) {
  log.found = {message(457, {"you@here.example"})};
  home.write("queue/mess/20/457", "half of");
  home.write("queue/local/20/457", "Tyou@he");
  home.write("queue/info/20/457", "");
  home.write("control/concurrencylocal", "0\n");
  send(succeed);
  EXPECT_EQ(read(Part::mess, 457), "Subject: x\n\nhello\n");
  EXPECT_EQ(read(Part::info, 457), records({"Fme@here.example"}));
  EXPECT_EQ(read(Part::local, 457), records({"Tyou@here.example"}));
}

TEST_F(QueueLogTest, AMessageThatWasOnItsWayIntoTheLayoutIsDeliveredMeanwhile) {
  log.found = {message(457, {"you@here.example", "bad@far.example"})};
  home.write("queue/mess/20/457", "half of");
  home.write("queue/local/20/457", "Tyou@he");
  const std::string text = send(
      [](const DeliveryRequest& request) {
        return request.recipients.front().starts_with("bad") ? "Dno such user\n" : "Kdone\n";
      },
      [&] { return log.live().empty() && is_empty(); });
  EXPECT_TRUE(text.ends_with("end msg 457\nstatus: exiting\n")) << text;
  EXPECT_TRUE(is_empty());
}

TEST_F(QueueLogTest, NewMailIsDeliveredBeforeTheLogHasToldAllItHadAtTheStart) {
  log.found = {message(457, {"old@here.example"})};
  log.arriving = {message(458, {"new@here.example"})};
  log.is_live_late = true;
  const std::string text = send(succeed);
  EXPECT_LT(text.find("end msg 458\n"), text.find("end msg 457\n")) << text;
  EXPECT_EQ(requests.size(), 2U);
  EXPECT_TRUE(is_empty());
}

TEST_F(QueueLogTest, WhatTheLogHadAtTheStartIsDeliveredBesideNewMail) {
  for (queue::Number id = 1000; id < 1500; ++id) log.found.push_back(message(id, {"old@here.example"}));
  log.arriving = {message(5000, {"new@here.example"})};
  const std::string text = send(succeed);
  std::vector<std::string> recipients;
  for (const DeliveryRequest& request : requests) recipients.push_back(request.recipients.front());
  ASSERT_EQ(recipients.size(), 501U) << text;
  EXPECT_LT(std::find(recipients.begin(), recipients.end(), "new@here.example") - recipients.begin(), 100);
  EXPECT_TRUE(is_empty());
}

TEST_F(QueueLogTest, WhatTheLogHadAtTheStartAndGotNoTurnIsInTheLayout) {
  for (queue::Number id = 1000; id < 1500; ++id) log.found.push_back(message(id, {"old@here.example"}));
  const std::string text = send(defer, [] { return true; });
  EXPECT_TRUE(text.ends_with("status: exiting\n")) << text;
  EXPECT_EQ(log.live().size(), 0U);
  for (queue::Number id = 1000; id < 1500; ++id)
    EXPECT_EQ(read(Part::local, id), "Told@here.example" + std::string(1, '\0')) << id;
}

TEST_F(QueueLogTest, SaysWhatIsLeftWhereAMoveFails) {
  log.place_error = ENOSPC;
  log.arriving = {message(457, {"later@here.example"})};
  const std::string text = events(send(defer));
  EXPECT_NE(text.find("warning: unable to create mess/20/457; will try again later\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("alert: messages are left in the queue log; run qmail-qctl settle\n")) << text;
  EXPECT_EQ(exit_code, 111);
  EXPECT_EQ(log.live().size(), 1U);
}

TEST_F(QueueLogTest, MovesAMessageThatIsInTheWayThoughItsDeliveryIsStuck) {
  log.runs_short = true;
  log.arriving = {message(457, {"stuck@here.example"})};
  bool moved_meanwhile = false;
  const std::string text = events(send(
      [&](const DeliveryRequest&) {
        for (int tries = 0; !moved_meanwhile && tries < 400; ++tries) {
          moved_meanwhile = log.live().empty();
          ::usleep(1000);
        }
        return "Kdone\n";
      },
      [&] { return moved_meanwhile && is_empty(); }));
  EXPECT_TRUE(moved_meanwhile);
  EXPECT_TRUE(text.ends_with("end msg 457\n")) << text;
  EXPECT_EQ(requests.size(), 1U);
}

TEST_F(QueueLogTest, EndsAMessageWithoutRecipients) {
  log.arriving = {message(457, {})};
  EXPECT_TRUE(events(send(succeed)).ends_with("end msg 457\n"));
}

}  // namespace
}  // namespace qmail::test
