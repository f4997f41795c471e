// Maildirs, mboxes and maildir2mbox when the power fails or a call does: what was called delivered is there
// whole, new/ never holds half a message, and nothing that was in a mailbox before is lost.
#include <algorithm>
#include <gtest/gtest.h>

#include "core/mailbox/maildir.h"
#include "core/mailbox/mbox.h"
#include "core/programs/maildir2mbox/convert.h"
#include "tests/support/crash_driver.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

const std::string head = "Return-Path: <a@b>\nDelivered-To: me@here\n";
/// Longer than one write, so that half of it could be there.
const std::string body = "Subject: x\n\n" + std::string(200000, 'x') + "\n";
const std::string old_mail = "From old now\nSubject: old\n\nold\n\n";

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> contents(const fs::path& directory) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(directory)) found.push_back(read(entry.path()));
  return found;
}

void prepare_maildir(const fs::path& home) {
  write(home / "message", body);
  for (const char* part : {"tmp", "new", "cur"}) fs::create_directories(home / "Maildir" / part);
}

int deliver_to_maildir(const fs::path& home, Witness&) {
  const FakeClock clock;
  mailbox::Shared shared{.names = mailbox::UniqueNames(clock, 7, "host")};
  const Fd message = Directory::open(home.string()).open_file("message");
  mailbox::deliver_to_maildir((home / "Maildir").string(), {.fd = message.get(), .head = head}, shared);
  return 0;
}

Problems maildir_problems(const fs::path& home, const Ended& ended) {
  const auto delivered = contents(home / "Maildir/new");
  Problems problems;
  for (const std::string& message : delivered)
    if (message != head + body) problems.push_back("not the whole message is in new/");
  if (ended.exit_code == 0 && delivered.size() != 1) problems.push_back("a delivered message is not there");
  return problems;
}

Problems maildir_fault_problems(const fs::path& home, const Ended& ended) {
  Problems problems = maildir_problems(home, ended);
  if (ended.exit_code != 0 && !contents(home / "Maildir/new").empty())
    problems.push_back("a message that was not delivered is there");
  return problems;
}

int append_to_mbox(const fs::path& home, Witness&) {
  const Fd message = Directory::open(home.string()).open_file("message");
  mailbox::append_to_mbox((home / "Mailbox").string(),
                          {.fd = message.get(), .from_line = "From a@b now\n", .head = head});
  return 0;
}

const std::string appended = "From a@b now\n" + head + body + "\n";

Scenario appending(const std::string& before) {
  const auto prepare = [=](const fs::path& home) {
    write(home / "message", body);
    if (!before.empty()) write(home / "Mailbox", before);
  };
  const auto problems = [=](const fs::path& home, const Ended& ended) {
    const std::string after = read(home / "Mailbox");
    Problems found;
    if (!after.starts_with(before)) found.push_back("old messages are damaged");
    if (ended.exit_code == 0 && after != before + appended)
      found.push_back("a delivered message is not there");
    // After what may be half a message, the next one starts on a line of its own.
    Witness nobody(-1);
    append_to_mbox(home, nobody);
    const std::string again = read(home / "Mailbox");
    if (again != appended && !again.ends_with("\n" + appended)) found.push_back("the next one is damaged");
    return found;
  };
  return {prepare, append_to_mbox, problems};
}

Scenario failing_to_append(const std::string& before) {
  Scenario scenario = appending(before);
  scenario.problems = [=](const fs::path& home, const Ended& ended) {
    const std::string after = read(home / "Mailbox");
    Problems found;
    if (ended.exit_code == 0 && after != before + appended)
      found.push_back("a delivered message is not there");
    if (ended.exit_code != 0 && after != before) found.push_back("the mbox was not cut back");
    return found;
  };
  return scenario;
}

const std::string first = "Return-Path: <a@b>\n\nfirst\n", second = "Return-Path: <>\n\nsecond\n";

int convert(const fs::path& home, Witness&) {
  const FakeClock clock(3000);
  const Environment environment{{"MAIL", (home / "Mailbox").string()},
                                {"MAILTMP", (home / "Mailbox.tmp").string()},
                                {"MAILDIR", (home / "Maildir").string()}};
  return convert_maildir(environment, clock, 2);
}

bool is_there(const fs::path& home, const std::string& message) {
  const auto is_message = [&](const std::string& content) { return content == message; };
  const auto unread = contents(home / "Maildir/new"), seen = contents(home / "Maildir/cur");
  return read(home / "Mailbox").find(message + "\n") != std::string::npos ||
         std::any_of(unread.begin(), unread.end(), is_message) ||
         std::any_of(seen.begin(), seen.end(), is_message);
}

Problems conversion_problems(const fs::path& home, const Ended& ended) {
  Problems problems;
  if (!read(home / "Mailbox").starts_with(old_mail)) problems.push_back("old messages are damaged");
  if (!is_there(home, first) || !is_there(home, second)) problems.push_back("a message is lost");
  if (ended.exit_code != 0) return problems;
  if (read(home / "Mailbox").find("second\n\nFrom a@b ") == std::string::npos)
    problems.push_back("a message is not in the mbox");
  return problems;
}

void set_age(const fs::path& path, std::int64_t seconds) {
  const timespec when{seconds, 0};
  const std::array<timespec, 2> times{when, when};
  ::utimensat(AT_FDCWD, path.c_str(), times.data(), 0);
}

const Scenario converting{[](const fs::path& home) {
                            prepare_maildir(home);
                            write(home / "Mailbox", old_mail);
                            write(home / "Maildir/new/2", first);
                            write(home / "Maildir/cur/1:2,S", second);
                            set_age(home / "Maildir/new/2", 2000);
                            set_age(home / "Maildir/cur/1:2,S", 1000);
                          },
                          convert, conversion_problems};

const Scenario delivering{prepare_maildir, deliver_to_maildir, maildir_problems};

TEST(PowerFailure, LosesNoMessageDeliveredToAMaildir) {
  EXPECT_EQ(stop_at_every_call(delivering), Problems{});
  EXPECT_EQ(stop_at_every_call(delivering, {.unnamed_files_work = false}), Problems{});
  EXPECT_EQ(stop_at_every_call(delivering, {.keeps_order = true}), Problems{});
}

TEST(PowerFailure, LosesNoMessageDeliveredToAnMbox) {
  EXPECT_EQ(stop_at_every_call(appending("")), Problems{});
  EXPECT_EQ(stop_at_every_call(appending(old_mail)), Problems{});
}

TEST(PowerFailure, LosesNoMessageThatMaildir2mboxMoves) {
  EXPECT_EQ(stop_at_every_call(converting), Problems{});
}

// The control: were the directories not synced, these tests would see it.
TEST(PowerFailure, IsSeenToLoseMessagesWhereDirectoriesAreNotSynced) {
  EXPECT_NE(stop_at_every_call(delivering, {.directory_syncs_work = false}), Problems{});
  EXPECT_NE(stop_at_every_call(appending(""), {.directory_syncs_work = false}), Problems{});
  EXPECT_NE(stop_at_every_call(converting, {.directory_syncs_work = false}), Problems{});
}

class EveryCallFails : public testing::TestWithParam<int> {
 protected:
  const Trouble once_{.kind = Trouble::Kind::fail, .error = GetParam()};
  const Trouble for_good_{.kind = Trouble::Kind::fail, .error = GetParam(), .lasting = true};
};

TEST_P(EveryCallFails, AndTheMaildirHasAllOrNothing) {
  const Scenario strict{prepare_maildir, deliver_to_maildir, maildir_fault_problems};
  for (const Conditions& conditions : {Conditions{}, {.unnamed_files_work = false}, {.keeps_order = true}}) {
    EXPECT_EQ(trouble_at_every_call(strict, once_, conditions), Problems{});
    EXPECT_EQ(trouble_at_every_call(delivering, for_good_, conditions), Problems{});
  }
}

TEST_P(EveryCallFails, AndTheMboxIsCutBack) {
  EXPECT_EQ(trouble_at_every_call(failing_to_append(old_mail), once_), Problems{});
  EXPECT_EQ(trouble_at_every_call(failing_to_append(""), once_), Problems{});
  EXPECT_EQ(trouble_at_every_call(appending(old_mail), for_good_), Problems{});
}

TEST_P(EveryCallFails, AndMaildir2mboxLosesNothing) {
  EXPECT_EQ(trouble_at_every_call(converting, once_), Problems{});
  EXPECT_EQ(trouble_at_every_call(converting, for_good_), Problems{});
}

INSTANTIATE_TEST_SUITE_P(With, EveryCallFails, testing::Values(ENOSPC, EIO, EMFILE, ENOMEM),
                         [](const auto& error) { return std::string(::strerrorname_np(error.param)); });

TEST(ShortWrites, AreContinued) {
  for (const Scenario& scenario : {delivering, appending(old_mail), converting})
    EXPECT_EQ(trouble_at_every_call(scenario, {.kind = Trouble::Kind::short_write}), Problems{});
}

}  // namespace
}  // namespace qmail::test
