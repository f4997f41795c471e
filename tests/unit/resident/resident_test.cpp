#include "core/base/resident.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/base/resident_packets.h"

namespace qmail::resident {
namespace {

using namespace std::string_view_literals;
using Words = std::vector<std::string>;

/// One probe zygote, and a descriptor table of this test's own for its jobs.
class Resident : public testing::Test {
 protected:
  Zygote zygote_ = start();

  static Zygote start(const std::string& path = RESIDENT_PROBE) {
    auto started = Zygote::start({.argv = {path}});
    if (!started) throw Failure::system("start " + path);
    return std::move(*started);
  }
  Worker hire() {
    auto worker = zygote_.hire();
    if (!worker) throw Failure::system("hire");
    return std::move(*worker);
  }
  static bool give(Worker& worker, Words words, const Environment& environment = {}, int out = 1) {
    words.insert(words.begin(), "probe");
    const std::array fds{0, out, 2};
    return worker.give({.args = words, .environment = environment, .fds = fds});
  }
  static std::optional<End> run(Worker& worker, const Words& words) {
    EXPECT_TRUE(give(worker, words));
    return worker.take_end();
  }
  /// Waits for the death of `worker`: its status.
  int death_of(const Worker& worker) {
    for (;;) {
      pollfd wanted{zygote_.fd(), POLLIN, 0};
      if (::poll(&wanted, 1, 10000) != 1) throw Failure(Exit::temporary, "no death was told");
      const auto deaths = zygote_.take_deaths();
      for (const Death& death : deaths.value())
        if (death.worker == worker.number()) return death.status;
    }
  }
};

TEST_F(Resident, JobsOfOneWorkerRunInOneProcess) {
  Worker worker = hire();
  const std::string pid = std::to_string(worker.pid());
  EXPECT_EQ(run(worker, {"count"})->text, "1 in " + pid);
  EXPECT_EQ(run(worker, {"count"})->text, "2 in " + pid);
  Worker other = hire();
  EXPECT_NE(other.pid(), worker.pid());
  EXPECT_EQ(run(other, {"count"})->text, "1 in " + std::to_string(other.pid()));
}

TEST_F(Resident, TheEndHasTheWaitStatusOfAProgramThatExits) {
  Worker worker = hire();
  EXPECT_EQ(run(worker, {"exit", "0"})->status, 0);
  EXPECT_EQ(run(worker, {"exit", "3"})->status, W_EXITCODE(3, 0));
  EXPECT_EQ(run(worker, {"exit", "256"})->status, 0);
  EXPECT_FALSE(run(worker, {"exit", "255"})->last);
}

TEST_F(Resident, WhatIsThrownBecomesTheExitCodeAndTheWorkerLeaves) {
  Worker worker = hire();
  const auto end = run(worker, {"fail"});
  EXPECT_EQ(end->status, W_EXITCODE(100, 0));
  EXPECT_TRUE(end->last);
  EXPECT_EQ(death_of(worker), 0);
}

TEST_F(Resident, AJobCanEndItsWorker) {
  Worker worker = hire();
  EXPECT_TRUE(run(worker, {"leave"})->last);
  EXPECT_FALSE(worker.take_end());
  EXPECT_EQ(death_of(worker), 0);
}

TEST_F(Resident, ACrashIsToldWithItsExactStatus) {
  Worker stopped = hire();
  Worker gone = hire();
  EXPECT_FALSE(run(stopped, {"signal", std::to_string(SIGKILL)}));
  EXPECT_EQ(death_of(stopped), SIGKILL);
  EXPECT_FALSE(run(gone, {"quit", "52"}));
  EXPECT_EQ(death_of(gone), W_EXITCODE(52, 0));
}

TEST_F(Resident, AChildLeftBehindEndsTheWorker) {
  Worker worker = hire();
  EXPECT_TRUE(run(worker, {"child"})->last);
}

TEST_F(Resident, WhatAWorkerKeepsStaysOpen) {
  Worker worker = hire();
  run(worker, {"keep"});
  EXPECT_EQ(run(worker, {"kept"})->status, 0);
}

/// Standard output goes into a pipe, the rest is this test's own.
std::string shown(const std::function<void(int out)>& run) {
  Pipe pipe = Pipe::make();
  run(pipe.write.get());
  pipe.write.close();
  std::string text = read_all(pipe.read.get(), most_bytes, "pipe").value();
  // The pipe is another one each time.
  const std::size_t line = text.find("fd 1 ");
  return text.erase(line, text.find('\n', line) - line);
}

TEST_F(Resident, AJobFindsWhatAnExecutedProgramFinds) {
  const Environment environment{{"PATH", "/bin"}, {"TCPREMOTEIP", "192.0.2.1"}, {"EMPTY", ""}};
  const std::string classic = shown([&](int out) {
    const auto child = spawn({.argv = {"probe", "show"},
                              .program = RESIDENT_PROBE,
                              .fds = {{0, 0}, {out, 1}, {2, 2}},
                              .environment = environment});
    ASSERT_TRUE(child);
    ASSERT_EQ(wait_for(*child), 0);
  });
  Worker worker = hire();
  const auto show = [&](int out) {
    ASSERT_TRUE(give(worker, {"show"}, environment, out));
    ASSERT_EQ(worker.take_end()->status, 0);
  };
  EXPECT_EQ(shown(show), classic);
  EXPECT_FALSE(run(worker, {"poison"})->last);
  EXPECT_EQ(shown(show), classic);
}

TEST_F(Resident, AJobThatIsTooLargeIsNotBegun) {
  Worker worker = hire();
  EXPECT_FALSE(give(worker, {"exit", std::string(most_bytes, 'x')}));
  EXPECT_EQ(errno, EMSGSIZE);
  EXPECT_EQ(run(worker, {"exit", "4"})->status, W_EXITCODE(4, 0));
}

TEST_F(Resident, AnIdleWorkerLeavesAndIsNotGivenAnotherJob) {
  Worker worker = hire();
  run(worker, {"exit", "0"});
  EXPECT_EQ(death_of(worker), 0);
  EXPECT_FALSE(give(worker, {"exit", "0"}));
  EXPECT_EQ(errno, EPIPE);
}

TEST_F(Resident, AJobCanShortenTheWaitThatFollows) {
  Worker worker = hire();
  run(worker, {"wait", "1"});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(death_of(worker), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1800));
}

TEST_F(Resident, WorkersOutliveTheirZygoteAndLeaveWithTheirMaster) {
  Worker worker = hire();
  Pipe pipe = Pipe::make();
  const std::array fds{pipe.read.get(), 1, 2};
  ASSERT_TRUE(worker.give({.args = Words{"probe", "ask"}, .environment = {}, .fds = fds}));
  { const Zygote going = std::move(zygote_); }
  zygote_ = start();
  ASSERT_EQ(::write(pipe.write.get(), "\7", 1), 1);
  EXPECT_EQ(worker.take_end()->status, W_EXITCODE(7, 0));
}

TEST_F(Resident, AWorkerTakesItsIdentityFirst) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const Identity nobody{.uid = 65534, .gid = 65533};
  auto worker = zygote_.hire(nobody);
  ASSERT_TRUE(worker);
  EXPECT_EQ(run(*worker, {"identity"})->text, "uid 65534 65534 gid 65533 65533 groups 65533");
  // What it needs /proc/self for, it may do, as after an exec.
  EXPECT_EQ(run(*worker, {"self"})->status, 0);
}

TEST_F(Resident, AReplacedFileIsNoLongerCurrent) {
  namespace fs = std::filesystem;
  const fs::path path = fs::temp_directory_path() / ("probe." + std::to_string(::getpid()));
  fs::copy_file(RESIDENT_PROBE, path, fs::copy_options::overwrite_existing);
  const Zygote zygote = start(path);
  EXPECT_TRUE(zygote.is_current());
  const fs::path next = path.string() + ".new";
  fs::copy_file(RESIDENT_PROBE, next, fs::copy_options::overwrite_existing);
  fs::rename(next, path);
  EXPECT_FALSE(zygote.is_current());
  fs::remove(path);
  EXPECT_FALSE(zygote.is_current());
}

TEST(ResidentPrograms, OthersAreNotTakenForOne) {
  EXPECT_FALSE(Zygote::start({.argv = {"/bin/true"}}));
  EXPECT_FALSE(Zygote::start({.argv = {"/nonexistent"}}));
  EXPECT_EQ(errno, ENOENT);
}

TEST(ResidentPrograms, AWrapperIsNotTakenForTheProgramItEndsIn) {
  namespace fs = std::filesystem;
  const fs::path path = fs::temp_directory_path() / ("wrapper." + std::to_string(::getpid()));
  std::ofstream(path) << "#!/bin/sh\nexec " << RESIDENT_PROBE << " \"$@\"\n";
  fs::permissions(path, fs::perms::owner_all);
  EXPECT_FALSE(Zygote::start({.argv = {path}}));
  fs::remove(path);
}

TEST(ResidentPackets, AJobComesBackAsItWas) {
  const Words args{"probe", "", "two words"};
  const Environment environment{{"A", "1"}, {"B", ""}};
  std::string packet = encode_job({.args = args, .environment = environment, .fds = {}});
  const auto job = parse_job(packet);
  ASSERT_TRUE(job);
  EXPECT_EQ(Words(job->args.begin(), job->args.end() - 1), args);
  EXPECT_EQ(job->args.back(), nullptr);
  EXPECT_EQ(Environment::from(job->environment.data()).entries(), environment.entries());
}

TEST(ResidentPackets, WhatIsNoJobIsRefused) {
  for (const std::string_view text :
       {""sv, "1"sv, "0\0"sv, "1\0"sv, "x\0a\0"sv, "2\0a\0"sv, "1\0a"sv, "-1\0a\0"sv, "01\0a\0"sv}) {
    std::string packet(text);
    EXPECT_FALSE(parse_job(packet)) << text;
  }
}

}  // namespace
}  // namespace qmail::resident
