#include "core/programs/qmail-rspawn/remote_workers.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

#include "core/base/signals.h"
#include "tests/support/fake_clock.h"

namespace qmail {
namespace {

using Texts = std::vector<std::string>;

class RemoteWorkersTest : public testing::Test {
 protected:
  RemoteWorkersTest() {
    signals::ignore(SIGPIPE);
    std::filesystem::copy_file(REMOTE_PROBE, program_);
    workers_.emplace(program_, environment_, clock_);
  }
  ~RemoteWorkersTest() override { std::filesystem::remove(program_); }

  bool take(const Texts& recipients) {
    Pipe message = Pipe::make();
    EXPECT_EQ(::write(message.write.get(), "x", 1), 1);
    return workers_->take({.slot = next_slot_++,
                           .message = std::move(message.read),
                           .sender = "s@h",
                           .recipients = recipients});
  }
  /// Until no worker is at work: the reports that came.
  std::vector<queue::DeliveryReport> finish() {
    std::vector<queue::DeliveryReport> all;
    do {
      PollSet set;
      workers_->prepare(set);
      if (!workers_->is_idle()) set.wait();
      for (auto& report : workers_->act(set)) all.push_back(std::move(report));
    } while (!workers_->is_idle());
    return all;
  }
  /// The only recipient's report: "K<jobs> of <pid> whole", without what is asked for at the front.
  std::string deliver(const std::string& host) {
    if (!take({"r@" + host})) return "(not taken)";
    const auto reports = finish();
    return reports.size() == 1 ? reports.front().texts.front() : "(not one report)";
  }

  const std::string program_ =
      std::filesystem::temp_directory_path() / ("remote-probe." + std::to_string(::getpid()));
  const Environment environment_;
  test::FakeClock clock_;
  std::optional<RemoteWorkers> workers_;
  queue::Slot next_slot_ = 1;
};

/// Which process wrote the report.
std::string process_of(const std::string& report) {
  const std::size_t at = report.find(" of ");
  return at == std::string::npos ? report : report.substr(at, report.find(" whole") - at);
}

TEST_F(RemoteWorkersTest, OneWorkerMakesDeliveryAfterDelivery) {
  const std::string first = deliver("one");
  EXPECT_TRUE(first.starts_with("K@one1 of ")) << first;
  EXPECT_TRUE(first.ends_with(" whole")) << first;
  EXPECT_EQ(deliver("two"), "K@two2" + process_of(first) + " whole");
}

TEST_F(RemoteWorkersTest, DeliveriesAtOneTimeHaveWorkersOfTheirOwn) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(take({"r@h"}));
  std::set<std::string> processes;
  std::set<queue::Slot> slots;
  for (const auto& report : finish()) {
    processes.insert(process_of(report.texts.front()));
    slots.insert(report.slot);
  }
  EXPECT_EQ(processes.size(), 5u);
  EXPECT_EQ(slots, (std::set<queue::Slot>{1, 2, 3, 4, 5}));
}

TEST_F(RemoteWorkersTest, ADomainGoesToTheWorkerThatWasThereLast) {
  ASSERT_TRUE(take({"r@one"}) && take({"r@two"}) && take({"r@three"}));
  std::map<queue::Slot, std::string> process;
  for (const auto& report : finish()) process[report.slot] = process_of(report.texts.front());
  EXPECT_EQ(process_of(deliver("ONE")), process[1]);
  EXPECT_EQ(process_of(deliver("three")), process[3]);
  EXPECT_EQ(process_of(deliver("two")), process[2]);
  // Who worked last is the likeliest to have everything at hand.
  EXPECT_EQ(process_of(deliver("elsewhere")), process[2]);
  EXPECT_NE(process_of(deliver("two")), "");
}

TEST_F(RemoteWorkersTest, EachRecipientHasAReport) {
  ASSERT_TRUE(take({"rfirst@h", "hsecond@h", "sthird@h"}));
  const Texts texts = finish().at(0).texts;
  ASSERT_EQ(texts.size(), 3u);
  EXPECT_TRUE(texts[0].starts_with("Kfirst@h1 of")) << texts[0];
  EXPECT_EQ(texts[1], "Dsecond@h");
  EXPECT_EQ(texts[2], "Zthird@h");
}

TEST_F(RemoteWorkersTest, ACrashEndsOneDelivery) {
  EXPECT_EQ(deliver("crash"), "Zqmail-remote crashed.\n");
  EXPECT_TRUE(deliver("one").starts_with("K@one1 of "));
  EXPECT_EQ(deliver("fail"), "ZUnable to run qmail-remote.\n");
}

TEST_F(RemoteWorkersTest, AWorkerThatLeavesGetsNothingMore) {
  const std::string last = process_of(deliver("last"));
  EXPECT_NE(process_of(deliver("last")), last);
  const std::string idle = process_of(deliver("one"));
  ::sleep(2);
  // Not noticed before: no round of the loop since then.
  EXPECT_TRUE(deliver("one").starts_with("K@one1 of "));
  EXPECT_NE(process_of(deliver("one")), idle);
}

TEST_F(RemoteWorkersTest, AReplacedProgramTakesOver) {
  const std::string before = process_of(deliver("one"));
  std::filesystem::copy_file(REMOTE_PROBE, program_ + ".new");
  std::filesystem::rename(program_ + ".new", program_);
  const std::string after = deliver("one");
  EXPECT_TRUE(after.starts_with("K@one1 of ")) << after;
  EXPECT_NE(process_of(after), before);
}

TEST_F(RemoteWorkersTest, AProgramThatIsNotOursIsLeftToItself) {
  const auto replace = [&](const std::string& script) {
    std::ofstream(program_ + ".new") << script;
    std::filesystem::permissions(program_ + ".new", std::filesystem::perms::owner_all);
    std::filesystem::rename(program_ + ".new", program_);
  };
  replace("#!/bin/sh\nexec " REMOTE_PROBE " \"$@\"\n");
  EXPECT_FALSE(take({"r@h"}));
  EXPECT_FALSE(take({"r@h"}));
  std::filesystem::remove(program_);
  EXPECT_FALSE(take({"r@h"}));
  std::filesystem::copy_file(REMOTE_PROBE, program_);
  EXPECT_TRUE(deliver("one").starts_with("K@one1 of "));
}

TEST_F(RemoteWorkersTest, WhatDoesNotFitIntoAPacketIsNotTaken) {
  EXPECT_FALSE(take(Texts(1000, std::string(1000, 'x') + "@h")));
  EXPECT_TRUE(workers_->is_idle());
  EXPECT_TRUE(deliver("one").starts_with("K@one1 of "));
}

}  // namespace
}  // namespace qmail
