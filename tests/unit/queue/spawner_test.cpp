#include "core/queue/spawner.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/fd_passing.h"
#include "core/base/publish.h"
#include "core/base/spawn.h"
#include "core/format/address.h"
#include "core/queue/children.h"
#include "core/queue/layout.h"
#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

constexpr int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

Fd message_in_memory(const std::string& text, int seals = all_seals) {
  Fd memory(::memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  write_all(memory.get(), text, "memory");
  EXPECT_EQ(::lseek(memory.get(), 0, SEEK_SET), 0);
  EXPECT_EQ(::fcntl(memory.get(), F_ADD_SEALS, seals), 0);
  return memory;
}

/// Its children run a shell command with the recipient's local part.
class ShellTrade final : public Trade {
 public:
  explicit ShellTrade(const std::string& command) : command_(command) {}
  std::optional<std::string> begin(Delivery delivery) override {
    const std::string local(divide(delivery.recipients.front()).local);
    return children_.add(delivery.slot, [&](int output) -> std::variant<pid_t, std::string> {
      const auto child = spawn({.argv = {"/bin/sh", "-c", command_, "sh", local},
                                .fds = {{delivery.message.get(), 0}, {output, 1}, {output, 2}}});
      if (!child) return "Znot started";
      return *child;
    });
  }
  bool is_idle() const override { return children_.is_empty(); }
  void prepare(PollSet& set) override { children_.prepare(set); }
  std::vector<DeliveryReport> act(const PollSet& set) override {
    std::vector<DeliveryReport> reports;
    for (const Ended& ended : children_.act(set))
      reports.push_back({ended.slot, {"K" + std::to_string(exit_code(ended.status)) + ":" + ended.output}});
    return reports;
  }

 private:
  const std::string& command_;
  Children children_{100};
};

/// A spawner in a process of its own.
class SpawnerTest : public testing::Test {
 protected:
  SpawnerTest() { home_.write("queue/mess/19/457", "the message\n"); }
  ~SpawnerTest() override { finish(); }

  /// With a pipe for the requests, no message can be passed.
  void start(const std::string& command, uid_t owner = ::getuid(), bool with_pipe = false) {
    SocketPair requests = SocketPair::make();
    if (with_pipe) {
      Pipe pipe = Pipe::make();
      requests = {.one = std::move(pipe.write), .other = std::move(pipe.read)};
    }
    Pipe reports = Pipe::make();
    child_ = ::fork();
    if (child_ == 0) {
      requests.one.close();
      const SpawnerWorld world{.requests = requests.other.get(),
                               .reports = reports.write.get(),
                               .messages = home_.queue().directory().sub("mess"),
                               .message_owner = owner};
      ShellTrade trade(command);
      run_spawner(world, trade);
      ::_exit(0);
    }
    requests_ = std::move(requests.one);
    reports_ = std::move(reports.read);
    std::string bytes(announcement_bytes, '\0');
    ASSERT_EQ(::read(reports_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    EXPECT_GT(parse_announcement(bytes).value_or(0), 255);
  }

  void request(Slot slot, const std::string& message = "19/457", const std::string& recipient = "me@host",
               Fd passed = Fd()) {
    Outbox outbox;
    outbox.put(request_bytes({.slot = slot, .message = message, .sender = "s@h", .recipients = {recipient}}),
               std::move(passed));
    EXPECT_TRUE(outbox.send(requests_.get()));
  }

  /// Ends the requests and gives all reports, in the order they came.
  std::vector<DeliveryReport> finish() {
    std::vector<DeliveryReport> result;
    if (!requests_) return result;
    requests_.close();
    const auto bytes = read_all(reports_.get(), 1 << 20, "reports");
    std::string_view in = *bytes;
    ReportReader reader;
    while (auto report = reader.take(in)) result.push_back(*report);
    EXPECT_EQ(wait_for(child_), 0);
    return result;
  }

  std::string one_report(const std::string& message, const std::string& recipient = "me@host",
                         Fd passed = Fd()) {
    request(0, message, recipient, std::move(passed));
    const auto reports = finish();
    return reports.size() == 1 ? reports.front().texts.front() : "(not one report)";
  }

  test::TempHome home_;
  Fd requests_;

 private:
  pid_t child_ = -1;
  Fd reports_;
};

TEST_F(SpawnerTest, GivesTheChildTheMessageAndReportsWhatItWrote) {
  start("cat; echo \"for $1\" >&2; exit 3");
  EXPECT_EQ(one_report("19/457"), "K3:the message\nfor me\n");
}

TEST_F(SpawnerTest, TakesItsRequestsFromAPipeToo) {
  start("cat", ::getuid(), true);
  EXPECT_EQ(one_report("19/457"), "K0:the message\n");
}

TEST_F(SpawnerTest, GivesEachRequestTheMessageThatWasPassedWithIt) {
  start("cat");
  request(1, "+19/457", "me@host", message_in_memory("first\n"));
  request(2, "19/457");
  request(3, "+19/457", "nobody", message_in_memory("refused\n"));
  request(4, "+19/457", "me@host", message_in_memory("second\n"));
  const auto reports = finish();
  ASSERT_EQ(reports.size(), 4U);
  for (const auto& report : reports)
    EXPECT_EQ(report.texts.front(),
              (std::array{"", "K0:first\n", "K0:the message\n",
                          "DSorry, address must include host name. (#5.1.3)\n", "K0:second\n"}[report.slot]));
}

TEST_F(SpawnerTest, RefusesAPassedMessageThatDidNotCome) {
  start("cat");
  EXPECT_EQ(one_report("+19/457"), "Zqmail-spawn unable to open message. (#4.3.0)\n");
}

TEST_F(SpawnerTest, RefusesAPassedMessageThatIsNotSealed) {
  start("cat");
  request(1, "+19/457", "me@host", message_in_memory("open\n", F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
  request(2, "+19/457", "me@host", Fd(::open((home_.path() / "queue/mess/19/457").c_str(), O_RDONLY)));
  for (const auto& report : finish())
    EXPECT_EQ(report.texts.front(), "ZSorry, message is not sealed. (#4.3.5)\n");
}

// As where vm.memfd_noexec is 1.
TEST_F(SpawnerTest, TakesAPassedMessageThatHasMoreSealsThanItNeeds) {
  start("cat");
  constexpr int more = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;
  EXPECT_EQ(one_report("+19/457", "me@host", message_in_memory("sealed\n", more)), "K0:sealed\n");
}

TEST_F(SpawnerTest, RefusesAPassedMessageThatIsNotAFileOfQmailq) {
  start("cat", ::getuid() + 1);
  request(1, "+19/457", "me@host", message_in_memory("whose\n"));
  request(2, "+19/457", "me@host", std::move(Pipe::make().read));
  const auto reports = finish();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].texts[0], "ZSorry, message has wrong owner. (#4.3.5)\n");
  EXPECT_EQ(reports[1].texts[0], "ZSorry, message has wrong type. (#4.3.5)\n");
}

TEST_F(SpawnerTest, RefusesMoreRecipientsThanItsTradeTakes) {
  start("cat");
  Outbox outbox;
  outbox.put(request_bytes({.slot = 1, .message = "19/457", .sender = "s@h", .recipients = {"a@b", "c@d"}}));
  EXPECT_TRUE(outbox.send(requests_.get()));
  const auto reports = finish();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].texts,
            (std::vector<std::string>(2, "ZInternal error: too many recipients. (#4.3.5)\n")));
}

TEST_F(SpawnerTest, RunsDeliveriesSideBySideInSlotsBeyond255) {
  start("test \"$1\" = slow && sleep 0.3; echo \"$1\"");
  request(900, "19/457", "slow@h");
  request(300, "19/457", "quick@h");
  const auto reports = finish();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].slot, 300);
  EXPECT_EQ(reports[1].slot, 900);
}

TEST_F(SpawnerTest, WaitsForProcessesTheChildLeftBehind) {
  start("(sleep 0.3; echo late) & exit 0");
  EXPECT_EQ(one_report("19/457"), "K0:late\n");
}

TEST_F(SpawnerTest, KeepsABoundedPartOfTheOutput) {
  start("yes | head -c 100000");
  EXPECT_EQ(one_report("19/457").size(), 3 + 100U);
}

TEST_F(SpawnerTest, RefusesAMessageNameThatIsNotOne) {
  start("true");
  EXPECT_EQ(one_report("../../control/me"), "DInternal error: messid has nonnumerics. (#5.3.5)\n");
}

TEST_F(SpawnerTest, RefusesAnEmptyMessageName) {
  start("true");
  EXPECT_EQ(one_report(""), "DInternal error: messid too short. (#5.3.5)\n");
}

TEST_F(SpawnerTest, DefersWhenTheMessageIsNotThere) {
  start("true");
  EXPECT_EQ(one_report("0/23"), "Zqmail-spawn unable to open message. (#4.3.0)\n");
}

TEST_F(SpawnerTest, RefusesAFileOfAnotherOwner) {
  start("true", ::getuid() + 1);
  EXPECT_EQ(one_report("19/457"), "ZSorry, message has wrong owner. (#4.3.5)\n");
}

TEST_F(SpawnerTest, RefusesWhatIsNotARegularFile) {
  ::mkfifo((home_.path() / "queue/mess/0/23").c_str(), 0600);
  start("true");
  EXPECT_EQ(one_report("0/23"), "ZSorry, message has wrong type. (#4.3.5)\n");
}

TEST_F(SpawnerTest, RefusesARecipientWithoutHost) {
  start("true");
  EXPECT_EQ(one_report("19/457", "me"), "DSorry, address must include host name. (#5.1.3)\n");
}

TEST_F(SpawnerTest, RefusesASlotInUse) {
  start("sleep 0.2");
  request(5);
  request(5);
  const auto reports = finish();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].texts[0], "ZInternal error: delnum in use. (#4.3.5)\n");
}

}  // namespace
}  // namespace qmail::queue
