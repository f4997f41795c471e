// Deliveries made together when the power fails or a call does: each that was called delivered is there,
// whole and once; each that was deferred is not.
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/programs/qmail-local/together.h"
#include "tests/support/crash_driver.h"
#include "tests/support/fake_clock.h"

const qmail::ProgramText qmail::program_text{"qmail-local", "", "", ""};

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr int count = 3;
const std::string head = "Return-Path: <a@b>\nDelivered-To: me@here\n";
const std::string body = "Subject: x\n\n" + std::string(50000, 'x') + "\n";

void prepare(const fs::path& home) {
  std::ofstream(home / "message", std::ios::binary) << body;
  for (const char* part : {"tmp", "new", "cur"}) fs::create_directories(home / "Maildir" / part);
}

/// The exit code says how many were not delivered.
int deliver(const fs::path& home, Witness& witness) {
  const FakeClock clock(1795337285);
  std::vector<std::string> args{std::string(users::together)};
  for (int i = 0; i < count; ++i) {
    for (const std::string& arg : std::initializer_list<std::string>{"--", "me", home.string(), "me", "", "",
                                                                     "here", "a@b", "./Maildir/"})
      args.push_back(arg);
    const Fd message(::open((home / "message").c_str(), O_RDONLY | O_CLOEXEC));
    if (::dup2(message.get(), i) < 0) throw Failure::system("give message");
  }
  const Process self{.name = "qmail-local",
                     .args = args,
                     .invoked_as = "qmail-local",
                     .environment = {},
                     .clock = clock,
                     .real_uid = ::getuid()};
  mailbox::Shared shared{.names = mailbox::UniqueNames(clock, 7, "host")};
  int left = count;
  for (const users::LocalOutcome& outcome : local::deliver_together(self, shared)) {
    if (!outcome.exit_code) witness.tell("alone");
    if (outcome.exit_code == 0) --left;
  }
  return left;
}

std::size_t delivered(const fs::path& home, Problems& problems) {
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(home / "Maildir/new")) {
    std::ifstream file(entry.path(), std::ios::binary);
    if (std::string{std::istreambuf_iterator<char>(file), {}} != head + body)
      problems.push_back("not the whole message is in new/");
    ++found;
  }
  return found;
}

/// Nothing that was called delivered is missing.
Problems lost(const fs::path& home, const Ended& ended) {
  Problems problems;
  const std::size_t found = delivered(home, problems);
  if (ended.exit_code && found + static_cast<std::size_t>(*ended.exit_code) < count)
    problems.push_back("a delivered message is not there");
  return problems;
}

/// And nothing that was not is there.
Problems lost_or_extra(const fs::path& home, const Ended& ended) {
  Problems problems = lost(home, ended);
  Problems ignored;
  if (ended.exit_code && delivered(home, ignored) + static_cast<std::size_t>(*ended.exit_code) > count)
    problems.push_back("a message that was not delivered is there");
  return problems;
}

TEST(DeliveriesTogether, LoseNoMessageWhenThePowerFails) {
  EXPECT_EQ(stop_at_every_call({prepare, deliver, lost}), Problems{});
  EXPECT_EQ(stop_at_every_call({prepare, deliver, lost}, {.keeps_order = true}), Problems{});
  EXPECT_NE(stop_at_every_call({prepare, deliver, lost}, {.directory_syncs_work = false}), Problems{});
}

TEST(DeliveriesTogether, AreLeftToOthersWhereNamelessFilesDoNotWork) {
  const auto all_alone = [](const fs::path& home, const Ended& ended) {
    Problems problems = lost(home, ended);
    if (ended.exit_code && ended.told != std::vector<std::string>(count, "alone"))
      problems.push_back("not all are left to others");
    return problems;
  };
  EXPECT_EQ(stop_at_every_call({prepare, deliver, all_alone}, {.unnamed_files_work = false}), Problems{});
}

class EveryCallFails : public testing::TestWithParam<int> {};

TEST_P(EveryCallFails, AndEachMessageIsThereOrDeferred) {
  const Trouble once{.kind = Trouble::Kind::fail, .error = GetParam()};
  const Trouble for_good{.kind = Trouble::Kind::fail, .error = GetParam(), .lasting = true};
  for (const bool ordered : {false, true}) {
    const Conditions conditions{.keeps_order = ordered};
    EXPECT_EQ(trouble_at_every_call({prepare, deliver, lost_or_extra}, once, conditions), Problems{});
    EXPECT_EQ(trouble_at_every_call({prepare, deliver, lost}, for_good, conditions), Problems{});
  }
}

INSTANTIATE_TEST_SUITE_P(Together, EveryCallFails, testing::Values(ENOSPC, EIO, EMFILE),
                         [](const auto& error) { return std::string(::strerrorname_np(error.param)); });

}  // namespace
}  // namespace qmail::test
