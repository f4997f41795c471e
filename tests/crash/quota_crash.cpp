// maildirsize when the power fails or a call does: whatever is left of it, a message that fits gets in, and
// one that does not is refused.
#include <cerrno>
#include <fstream>
#include <gtest/gtest.h>

#include "core/mailbox/maildir_quota.h"
#include "tests/support/crash_driver.h"
#include "tests/support/fake_clock.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t now = 4000000000;
constexpr std::int64_t there = 60;  // bytes of messages
const MaildirQuota quota{{.bytes = 100, .messages = 0}};

void prepare(const fs::path& home) {
  for (const char* folder : {"tmp", "new", "cur"}) fs::create_directories(home / folder);
  std::ofstream(home / "cur/1.host:2,S") << std::string(there, 'x');
  std::ofstream(home / "maildirsize") << "70S\n9999 1\n";
}

int count(const fs::path& home, Witness&) {
  const Directory maildir = Directory::open(home.string());
  const FakeClock clock(now);
  mailbox::QuotaKeeper keeper(maildir, quota, clock);
  if (!keeper.has_room_for(40)) return 77;
  keeper.add(40);
  return 0;
}

Problems problems(const fs::path& home, const Ended& ended) {
  const Directory maildir = Directory::open(home.string());
  const FakeClock clock(now);
  Problems found;
  if (ended.exit_code == 77) found.emplace_back("a message that fits was refused");
  if (!mailbox::QuotaKeeper(maildir, quota, clock).has_room_for(40))
    found.emplace_back("a message that fits is refused");
  if (mailbox::QuotaKeeper(maildir, quota, clock).has_room_for(41))
    found.emplace_back("one that does not fit gets in");
  return found;
}

const Scenario counting{prepare, count, problems};

TEST(PowerFailure, LeavesAQuotaThatHolds) { EXPECT_EQ(stop_at_every_call(counting), Problems{}); }

TEST(AFailedCall, LeavesAQuotaThatHolds) {
  for (const int error : {EIO, ENOSPC})
    EXPECT_EQ(trouble_at_every_call(counting, {.kind = Trouble::Kind::fail, .error = error}), Problems{});
  EXPECT_EQ(trouble_at_every_call(counting, {.kind = Trouble::Kind::short_write}), Problems{});
}

}  // namespace
}  // namespace qmail::test
