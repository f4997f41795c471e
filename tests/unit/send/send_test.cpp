// qmail-send as a whole, with scripted spawners: what it asks of them, what it logs, what it leaves.
#include <algorithm>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "tests/support/send_fixture.h"

namespace qmail::test {
namespace {

using queue::DeliveryRequest;
using queue::Part;

class SendTest : public SendFixture {
 protected:
  /// A message as qmail-queue leaves it.
  void queue(queue::Number number, const std::string& sender, const std::vector<std::string>& recipients) {
    put(Part::mess, number, "Subject: x\n\nhello\n");
    std::vector<std::string> texts{"u1000", "p4711", "F" + sender};
    for (const std::string& recipient : recipients) texts.push_back("T" + recipient);
    put(Part::todo, number, records(texts));
  }
  void put(Part part, queue::Number number, const std::string& bytes) {
    home.write("queue/" + name_of(part, number), bytes);
  }
  /// A message with one local recipient, as an earlier qmail-send left it.
  void put_preprocessed(queue::Number number) {
    put(Part::mess, number, "Subject: x\n\nhello\n");
    put(Part::info, number, records({"Fme@here.example"}));
    put(Part::local, number, records({"Tyou@here.example"}));
  }
  void set_age(Part part, queue::Number number, std::chrono::seconds age) {
    std::filesystem::last_write_time(home.path() / "queue" / name_of(part, number),
                                     std::filesystem::file_time_type::clock::now() - age);
  }

  /// Runs until `ended` messages are over, or for a while.
  std::string send(const std::function<std::string(const DeliveryRequest&)>& deliver) {
    SendRun run = run_with(deliver);
    run.is_finished = [&] { return home.queue().numbers_in("mess/20").empty(); };
    run.patience = patience;
    run.slots = slots;
    return run_send(run);
  }

  std::string bounces() const { return home.read("bounces"); }

  queue::Slot slots = 100;
  std::chrono::milliseconds patience{400};
};

TEST_F(SendTest, DeliversOneMessageAndLogsItAsTheManualPageSays) {
  queue(457, "me@here.example", {"you@here.example"});
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
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].message, "20/457");
  EXPECT_EQ(requests[0].sender, "me@here.example");
  EXPECT_EQ(requests[0].recipients.front(), "you@here.example");
}

TEST_F(SendTest, NoSpawnerGetsMoreThanItAnnounced) {
  slots = 1;
  home.write("control/concurrencylocal", "300\n");
  queue(457, "me@here.example", {"a@here.example", "b@here.example", "c@here.example"});
  EXPECT_TRUE(send(succeed).starts_with("status: local 0/1 remote 0/1\n"));
  ASSERT_EQ(requests.size(), 3U);
  for (const DeliveryRequest& request : requests) EXPECT_EQ(request.slot, 0);
}

TEST_F(SendTest, HasNoLimitOf255) {
  slots = 1000;
  home.write("control/concurrencylocal", "300\n");
  EXPECT_TRUE(send(succeed).starts_with("status: local 0/300 remote 0/20\n"));
}

TEST_F(SendTest, ExpandsTheSenderOfAListForEachRecipient) {
  queue(457, "list-@here.example-@[]", {"box@far.example"});
  send(succeed);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].sender, "list-box=far.example@here.example");
}

TEST_F(SendTest, RecipientsInOneDomainShareATransaction) {
  home.write("control/rcptspermessage", "2\n");
  home.write("control/concurrencyremote", "1\n");
  queue(457, "me@here.example", {"a@far.example", "x@other.example", "b@FAR.example", "c@far.example"});
  const std::string log = send([](const DeliveryRequest& request) {
    return request.recipients.size() == 2 ? std::string("Kdone\n") + '\0' + "Dno such user\n" : "Kdone\n";
  });
  EXPECT_TRUE(
      log.starts_with("status: local 0/10 remote 0/1\n"
                      "new msg 457\n"
                      "info msg 457: bytes 18 from <me@here.example> qp 4711 uid 1000\n"
                      "starting delivery 1: msg 457 to remote a@far.example\n"
                      "starting delivery 2: msg 457 to remote b@FAR.example\n"
                      "status: local 0/10 remote 1/1\n"
                      "delivery 1: success: done/\n"
                      "delivery 2: failure: no_such_user/\n"
                      "status: local 0/10 remote 0/1\n"
                      "starting delivery 3: msg 457 to remote x@other.example\n"
                      "status: local 0/10 remote 1/1\n"))
      << log;
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].recipients, (std::vector<std::string>{"a@far.example", "b@FAR.example"}));
  EXPECT_EQ(requests[2].recipients, (std::vector<std::string>{"c@far.example"}));
  EXPECT_EQ(bounces().find("<a@far.example>"), std::string::npos);
  EXPECT_NE(bounces().find("<b@FAR.example>:\nno such user\n"), std::string::npos) << bounces();
}

TEST_F(SendTest, RecipientsWhoseReportIsMissingAreDeferred) {
  home.write("control/rcptspermessage", "2\n");
  queue(457, "me@here.example", {"a@far.example", "b@far.example"});
  EXPECT_TRUE(events(send(succeed))
                  .ends_with("delivery 1: success: done/\ndelivery 2: report mangled, will defer\n"));
  EXPECT_EQ(home.read("queue/remote/20/457"), records({"Da@far.example", "Tb@far.example"}));
}

TEST_F(SendTest, RecipientsOfALocalDeliveryOrOfAListWithItsOwnSendersShareNone) {
  home.write("control/rcptspermessage", "100\n");
  queue(457, "list-@here.example-@[]", {"a@far.example", "b@far.example"});
  queue(480, "me@here.example", {"a@here.example", "b@here.example"});
  send(succeed);
  EXPECT_EQ(requests.size(), 4U);
}

TEST_F(SendTest, AFullDomainDelaysNoOther) {
  patience = std::chrono::seconds(20);
  home.write("control/concurrencydomain", "full.example:1\n");
  home.write("control/rcptspermessage", "1\n");
  queue(457, "me@here.example", {"a@full.example", "b@full.example", "c@full.example"});
  queue(480, "me@here.example", {"x@other.example"});
  EXPECT_NE(send(succeed).find("end msg 480\n"), std::string::npos);
  const auto place = [&](const std::string& recipient) {
    return std::find_if(
               requests.begin(), requests.end(),
               [&](const DeliveryRequest& request) { return request.recipients.front() == recipient; }) -
           requests.begin();
  };
  EXPECT_LT(place("x@other.example"), place("b@full.example"));
  EXPECT_LT(place("b@full.example"), place("c@full.example"));
}

TEST_F(SendTest, AMessageWithManyRecipientsIsTakenInTurnWithOthers) {
  patience = std::chrono::seconds(20);
  home.write("control/concurrencyremote", "1\n");
  home.write("control/rcptspermessage", "1\n");
  std::vector<std::string> many;
  for (int i = 0; i < 600; ++i) many.push_back("joe@domain" + std::to_string(i) + ".example");
  queue(457, "me@here.example", many);
  queue(480, "me@here.example", {"x@other.example"});
  send(succeed);
  ASSERT_EQ(requests.size(), 601U);
  const auto place =
      std::ranges::find(requests, std::vector<std::string>{"x@other.example"}, &DeliveryRequest::recipients);
  EXPECT_LT(place - requests.begin(), 250);
}

TEST_F(SendTest, BouncesPermanentFailuresInOneMessage) {
  home.write("control/virtualdomains", "virt.example:joe\n");
  queue(457, "me@here.example", {"you@here.example", "a@virt.example"});
  EXPECT_TRUE(
      events(send(fail)).ends_with("delivery 2: failure: no_such_user/\nbounce msg 457 qp P\nend msg 457\n"));
  const std::string text = bounces();
  EXPECT_TRUE(
      text.ends_with("Hi. This is the qmail-send program at here.example.\n"
                     "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
                     "This is a permanent error; I've given up. Sorry it didn't work out.\n"
                     "\n"
                     "<you@here.example>:\n"
                     "no such user\n"
                     "\n"
                     "<a@virt.example>:\n"
                     "no such user\n"
                     "\n"
                     "--- Below this line is a copy of the message.\n"
                     "\n"
                     "Return-Path: <me@here.example>\n"
                     "Subject: x\n"
                     "\n"
                     "hello\n"
                     "F.Tme@here.example.."))
      << text;
}

TEST_F(SendTest, SendsDoubleBouncesToThePostmaster) {
  queue(457, "", {"you@here.example"});
  send(fail);
  EXPECT_TRUE(bounces().ends_with("hello\nF#@[].Tpostmaster@here.example..")) << bounces();
}

TEST_F(SendTest, DiscardsTripleBounces) {
  queue(457, "#@[]", {"you@here.example"});
  EXPECT_TRUE(events(send(fail)).ends_with("triple bounce: discarding bounce/457\nend msg 457\n"));
  EXPECT_EQ(bounces(), "(no such file)");
}

TEST_F(SendTest, KeepsWhatWasDeferredUntilItsTime) {
  queue(457, "me@here.example", {"you@here.example", "later@here.example"});
  send([](const DeliveryRequest& request) {
    return request.recipients.front().starts_with("later") ? "Znot now\n" : "Kdone\n";
  });
  EXPECT_EQ(home.read("queue/local/20/457"), records({"Dyou@here.example", "Tlater@here.example"}));
  requests.clear();
  EXPECT_EQ(events(send(succeed)), "");
  EXPECT_TRUE(requests.empty());
  set_age(Part::local, 457, std::chrono::seconds(10));
  EXPECT_EQ(events(send(succeed)),
            "starting delivery 1: msg 457 to local later@here.example\n"
            "delivery 1: success: done/\n"
            "end msg 457\n");
}

TEST_F(SendTest, FindsALargeQueueLittleByLittleAndEachMessageOnce) {
  home.write("control/concurrencylocal", "1\n");
  patience = std::chrono::seconds(20);
  constexpr queue::Number fresh = 457, stored = 150;
  for (queue::Number number = fresh + queue::split; number <= fresh + stored * queue::split;
       number += queue::split)
    put_preprocessed(number);
  queue(fresh, "me@here.example", {"new@here.example"});
  const std::string log = send(succeed);
  EXPECT_TRUE(events(log).starts_with("new msg 457\n"));
  EXPECT_EQ(requests.front().recipients.front(), "new@here.example");
  EXPECT_EQ(requests.size(), 1 + stored);
}

TEST_F(SendTest, TriesEveryMessageOnAlarmAlsoThoseItHasNotFoundYet) {
  patience = std::chrono::seconds(20);
  constexpr queue::Number fresh = 457, stored = 150;
  for (queue::Number number = fresh + queue::split; number <= fresh + stored * queue::split;
       number += queue::split) {
    put_preprocessed(number);
    set_age(Part::local, number, std::chrono::hours(-1));
  }
  queue(fresh, "me@here.example", {"new@here.example"});
  send([](const DeliveryRequest& request) {
    if (request.recipients.front() == "new@here.example") ::kill(::getpid(), SIGALRM);
    return "Kdone\n";
  });
  EXPECT_EQ(requests.size(), 1 + stored);
}

TEST_F(SendTest, WritesNoTimeThatIsInItsPlaceAlready) {
  put_preprocessed(457);
  const timespec later[2] = {{9999999999, 5}, {9999999999, 5}};
  ::utimensat(AT_FDCWD, (home.path() / "queue/local/20/457").c_str(), later, 0);
  send(succeed);
  struct stat found {};
  ASSERT_EQ(::stat((home.path() / "queue/local/20/457").c_str(), &found), 0);
  EXPECT_EQ(found.st_mtim.tv_sec, 9999999999);
  EXPECT_EQ(found.st_mtim.tv_nsec, 5);
}

TEST_F(SendTest, GivesUpOnAMessageThatIsTooOld) {
  put_preprocessed(457);
  set_age(Part::info, 457, std::chrono::seconds(604801));
  EXPECT_EQ(events(send([](const DeliveryRequest&) { return "Znot now\n"; })),
            "starting delivery 1: msg 457 to local you@here.example\n"
            "delivery 1: failure: "
            "not_now/I'm_not_going_to_try_again;_this_message_has_been_in_the_queue_too_long./\n"
            "bounce msg 457 qp P\n"
            "end msg 457\n");
}

TEST_F(SendTest, DefersWhenAReportIsMangled) {
  queue(457, "me@here.example", {"you@here.example"});
  EXPECT_TRUE(events(send([](const DeliveryRequest&) {
                return "what?";
              })).ends_with("delivery 1: report mangled, will defer\n"));
  EXPECT_EQ(home.read("queue/local/20/457"), records({"Tyou@here.example"}));
}

TEST_F(SendTest, StartsAgainWhereAnInterruptedAttemptEnded) {
  queue(457, "me@here.example", {"you@here.example"});
  put(Part::info, 457, "");
  put(Part::remote, 457, "Tsomebody");
  EXPECT_EQ(events(send(succeed)),
            "new msg 457\n"
            "info msg 457: bytes 18 from <me@here.example> qp 4711 uid 1000\n"
            "starting delivery 1: msg 457 to local you@here.example\n"
            "delivery 1: success: done/\n"
            "end msg 457\n");
}

TEST_F(SendTest, LeavesATodoItDoesNotUnderstand) {
  put(Part::mess, 457, "x");
  put(Part::todo, 457, records({"u1", "p1", "Fme@here.example", "Xwhat"}));
  EXPECT_TRUE(events(send(succeed)).ends_with("warning: unknown record type in todo/457\n"));
  put(Part::todo, 457, records({"u1", "p1", "Tyou@here.example"}));
  EXPECT_TRUE(events(send(succeed)).ends_with("warning: trouble reading todo/457\n"));
  EXPECT_TRUE(has(Part::todo, 457));
}

TEST_F(SendTest, EndsAMessageWithoutRecipients) {
  queue(457, "me@here.example", {});
  EXPECT_TRUE(events(send(succeed)).ends_with("end msg 457\n"));
  EXPECT_FALSE(has(Part::mess, 457));
}

TEST_F(SendTest, RemovesWhatAbandonedQmailQueuesLeft) {
  put(Part::mess, 457, "x");
  put(Part::mess, 480, "x");
  const timespec old[2] = {{1, 0}, {1, 0}};
  ::utimensat(AT_FDCWD, (home.path() / "queue/mess/20/457").c_str(), old, 0);
  send(succeed);
  EXPECT_FALSE(has(Part::mess, 457));
  EXPECT_TRUE(has(Part::mess, 480));
}

TEST_F(SendTest, LeavesWhenASpawnerIsLostAndDeliversAgainLater) {
  queue(457, "me@here.example", {"you@here.example"});
  EXPECT_TRUE(send([](const DeliveryRequest&) { return ""; })
                  .ends_with("status: local 1/10 remote 0/20\n"
                             "alert: oh no! lost spawn connection! dying...\n"
                             "status: exiting\n"));
  EXPECT_TRUE(events(send(succeed)).ends_with("delivery 1: success: done/\nend msg 457\n"));
}

TEST_F(SendTest, RunsOnce) {
  const Fd mutex(::open((home.path() / "queue/lock/sendmutex").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::flock(mutex.get(), LOCK_EX), 0);
  const Environment environment;
  const SystemClock clock;
  try {
    send::send_mail({.environment = environment, .clock = clock, .home = home.path().string()});
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(), "qmail-send is already running");
  }
}

TEST_F(SendTest, SaysWhyItCannotStart) {
  const Environment environment;
  const SystemClock clock;
  const auto why = [&] {
    try {
      send::send_mail({.environment = environment, .clock = clock, .home = home.path().string()});
    } catch (const Failure& failure) {
      return std::string(failure.what());
    }
    return std::string("it started");
  };
  std::filesystem::remove(home.path() / "queue/lock/sendmutex");
  EXPECT_EQ(why(), "unable to open mutex");
  std::filesystem::remove_all(home.path() / "queue");
  EXPECT_EQ(why(), "unable to switch to queue directory");
  std::filesystem::remove(home.path() / "control/me");
  EXPECT_EQ(why(), "unable to read controls");
  std::filesystem::remove_all(home.path());
  EXPECT_EQ(why(), "unable to switch to home directory");
}

}  // namespace
}  // namespace qmail::test
