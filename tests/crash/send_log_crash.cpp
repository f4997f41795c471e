// qmail-send with a queue log, when the power fails or the disk fails it while messages are delivered from
// the log and move into the layout, and when its qmail-queue is lost: nothing is lost, and no delivery is
// made again that the log knew of.
#include <fstream>
#include <gtest/gtest.h>

#include "tests/crash/send_work.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr queue::Number number = 457;

/// Its file is beside the home while the work runs: what qmail-queue makes of the log is tested elsewhere.
FakeLog log_in(const fs::path& file) {
  FakeLog log(file);
  log.arriving = {{.id = number,
                   .sender = "me@here.example",
                   .recipients = {"good@here.example", "later@here.example", "bad@far.example"},
                   .body = "Subject: x\n\nthe message\n",
                   .birth = ::time(nullptr)}};
  return log;
}

void prepare(const fs::path& home) {
  prepare_home(home);
  fs::create_directory(home / "control");
  std::ofstream(home / "control/me") << "here.example\n";
  std::ofstream(home / "queue/lock/sendmutex");
}

class LogCrash {
 public:
  explicit LogCrash(std::size_t dies_at = 0) : dies_at_(dies_at) {}

  Scenario scenario() {
    return {.prepare =
                [this](const fs::path& home) {
                  prepare(home);
                  bounces_ = std::make_unique<FakeQueue>();
                },
            .run =
                [this](const fs::path& home, Witness& witness) {
                  FakeLog log = log_in(log_file());
                  log.dies_at = dies_at_;
                  send(
                      home, log, "later", [&](const std::string& line) { witness.tell(line); },
                      [&] { return log.live().empty(); });
                  return 0;
                },
            .problems = [this](const fs::path& home, const Ended& ended) { return problems(home, ended); }};
  }

 private:
  fs::path log_file() const { return bounces_->program() + ".log"; }

  void send(const fs::path& home, FakeLog& log, const std::string& deferred, const Tell& tell,
            const std::function<bool()>& is_finished) const {
    run_send({.home = home,
              .deliver = [&](const queue::DeliveryRequest& request) -> std::string {
                const std::string& to = request.recipients.front();
                if (to.starts_with("bad")) return "Dno such user\n";
                if (!deferred.empty() && to.starts_with(deferred)) return "Znot now\n";
                tell("delivered " + to);
                return "Kdone\n";
              },
              .environment = {{"QMAILQUEUE", bounces_->program()}, {"PATH", "/usr/bin:/bin"}},
              .is_finished = is_finished,
              .patience = std::chrono::milliseconds(1000),
              .queue_log = &log});
  }

  std::vector<std::string> restart(const fs::path& home) const {
    for (const queue::Part part : {queue::Part::local, queue::Part::remote})
      if (const fs::path list = home / "queue" / name_of(part, number); fs::exists(list))
        fs::last_write_time(list, fs::file_time_type::clock::now() - std::chrono::hours(1));
    return tell_in_child([&](const Tell& tell) {
      FakeLog log = log_in(home / "fake-log");
      const queue::Layout layout = queue::Layout::open(Directory::open(home.string()));
      send(home, log, "", tell, [&] { return log.live().empty() && is_over(layout); });
    });
  }

  Problems problems(const fs::path& home, const Ended& ended) const {
    const queue::Layout layout = queue::Layout::open(Directory::open(home.string()));
    if (fs::exists(log_file()))
      fs::copy_file(log_file(), home / "fake-log", fs::copy_options::overwrite_existing);
    const FakeLog log = log_in(home / "fake-log");
    Problems found;
    if (!log.live().contains(number) && !classify(files_of(layout, number))) found.push_back("illegal state");
    const bool is_known = log.has_outcome(number, 0);
    const auto told = restart(home);
    if (is_known && contains(told, "delivered good@here.example")) found.push_back("good is delivered twice");
    for (const std::string recipient : {"good@here.example", "later@here.example"})
      if (!ended.has_told("delivered " + recipient) && !contains(told, "delivered " + recipient))
        found.push_back(recipient + " is lost");
    if (bounces_->told().find("<bad@far.example>:") == std::string::npos)
      found.push_back("the bounce is lost");
    if (!is_over(layout) || !log.live().empty()) found.push_back("something stays in the queue");
    return found;
  }

  std::size_t dies_at_;
  std::unique_ptr<FakeQueue> bounces_;
};

TEST(SendLogPowerFailure, LosesNothingOnTheWayIntoTheLayout) {
  EXPECT_EQ(stop_at_every_call(LogCrash().scenario()), Problems{});
}

TEST(SendLogPowerFailure, LosesNothingWithoutUnnamedFiles) {
  EXPECT_EQ(stop_at_every_call(LogCrash().scenario(), {.unnamed_files_work = false}), Problems{});
}

TEST(SendLogPowerFailure, LosesNothingWhereOrderIsKept) {
  EXPECT_EQ(stop_at_every_call(LogCrash().scenario(), {.keeps_order = true}), Problems{});
  EXPECT_EQ(stop_at_every_call(LogCrash().scenario(), {.unnamed_files_work = false, .keeps_order = true}),
            Problems{});
}

TEST(SendLogPowerFailure, IsSeenToLoseWhereDirectoriesAreNotSynced) {
  EXPECT_NE(stop_at_every_call(LogCrash().scenario(), {.directory_syncs_work = false}), Problems{});
}

TEST(SendLogTrouble, LosesNothing) {
  for (const auto kind : {Trouble::Kind::fail, Trouble::Kind::short_write})
    EXPECT_EQ(trouble_at_every_call(LogCrash().scenario(), {.kind = kind, .error = EIO}), Problems{});
}

TEST(SendLogTrouble, LosesNothingWhenQmailQueueIsLostAtAnyOrder) {
  for (std::size_t order = 1; order <= 7; ++order)
    EXPECT_EQ(trouble_at_every_call(LogCrash(order).scenario(), {}), Problems{}) << order;
}

}  // namespace
}  // namespace qmail::test
