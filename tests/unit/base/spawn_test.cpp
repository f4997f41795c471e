#include "core/base/spawn.h"

#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>

#include "core/base/fd.h"
#include "core/base/signals.h"

namespace qmail {
namespace {

struct Ended {
  int code;
  std::string output;
};

/// Runs a shell script with descriptor 1 on a pipe and returns what it wrote.
Ended run_script(const std::string& script, std::vector<std::pair<int, int>> fds = {{0, 0}, {2, 2}},
                 Environment environment = {{"PATH", "/usr/bin:/bin"}},
                 std::optional<std::string> directory = std::nullopt) {
  Pipe out = Pipe::make();
  fds.emplace_back(out.write.get(), 1);
  const auto child = spawn({.argv = {"sh", "-c", script},
                            .program = "/bin/sh",
                            .fds = std::move(fds),
                            .environment = std::move(environment),
                            .directory = std::move(directory)});
  out.write.close();
  if (!child) return {-1, "not started"};
  std::string output = read_all(out.read.get(), 65536, "the script").value_or("too much");
  return {exit_code(wait_for(*child)), output};
}

TEST(Spawn, GivesTheChildItsMapAndNoOtherDescriptor) {
  const Fd inheritable(::open("/dev/null", O_RDONLY));
  EXPECT_EQ(run_script("for fd in /proc/self/fd/*; do [ -e $fd ] && echo ${fd##*/}; done | head -3").output,
            "0\n1\n2\n");
  EXPECT_EQ(
      run_script("[ -e /proc/self/fd/" + std::to_string(inheritable.get()) + " ] || echo closed").output,
      "closed\n");
}

TEST(Spawn, IsWaitedForNoLongerThanAllowed) {
  const SteadyClock clock;
  const auto quick = spawn({.argv = {"sh", "-c", "exit 3"}});
  ASSERT_TRUE(quick);
  const auto status = wait_for(*quick, Deadline(clock, 60U));
  ASSERT_TRUE(status);
  EXPECT_EQ(exit_code(*status), 3);
  const auto slow = spawn({.argv = {"sleep", "1000"}});
  ASSERT_TRUE(slow);
  EXPECT_FALSE(wait_for(*slow, Deadline(clock, 0U)));
  ::kill(*slow, SIGKILL);
  EXPECT_TRUE(crashed(wait_for(*slow)));
}

TEST(Spawn, TellsProgramsFromOtherFiles) {
  EXPECT_TRUE(is_program("/bin/sh"));
  for (const char* path : {"/bin", "/etc/passwd", "/nowhere", ""}) EXPECT_FALSE(is_program(path)) << path;
}

TEST(Spawn, SwapsDescriptorsWhoseTargetsOverlap) {
  Pipe first = Pipe::make(), second = Pipe::make();
  ASSERT_EQ(::write(first.write.get(), "first\n", 6), 6);
  ASSERT_EQ(::write(second.write.get(), "second\n", 7), 7);
  const int a = first.read.get(), b = second.read.get();
  const std::string script =
      "read one <&" + std::to_string(a) + "; read two <&" + std::to_string(b) + "; echo $one $two";
  EXPECT_EQ(run_script(script, {{a, b}, {b, a}}).output, "second first\n");
}

TEST(Spawn, UnblocksSignalsAndRestoresOnlySigpipe) {
  signals::ignore(SIGPIPE);
  signals::ignore(SIGHUP);
  signals::block(SIGTERM);
  const Ended ended = run_script("kill -HUP $$; echo alive; kill -TERM $$; echo still");
  const Ended pipe = run_script("kill -PIPE $$; echo alive");
  signals::unblock(SIGTERM);
  signals::set_default(SIGHUP);
  signals::set_default(SIGPIPE);
  EXPECT_EQ(ended.output, "alive\n");
  EXPECT_EQ(pipe.output, "");
}

TEST(Spawn, SaysWhenTheProgramCannotBeRun) {
  EXPECT_FALSE(spawn({.argv = {"/nonexistent/program"}}));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(spawn({.argv = {"/nonexistent/program"}, .identity = Identity{::getuid(), ::getgid()}}));
  EXPECT_EQ(errno, ENOENT);
}

TEST(Spawn, GoesWhereItRunsAsWhomItRuns) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  constexpr Identity nobody{65534, 65534};
  // Only root may go there.
  const std::string directory = "/proc/" + std::to_string(::getpid()) + "/fd";
  const auto child = spawn({.argv = {"/bin/true"}, .directory = "/", .identity = nobody});
  ASSERT_TRUE(child);
  reap(*child);
  EXPECT_FALSE(spawn({.argv = {"/bin/true"}, .directory = directory, .identity = nobody}).has_value());
  EXPECT_EQ(errno, EACCES);
}

TEST(Spawn, SetsDirectoryAndEnvironment) {
  const Ended ended =
      run_script("pwd; echo $ONE", {{2, 2}}, {{"PATH", "/usr/bin:/bin"}, {"ONE", "1"}}, "/usr/bin");
  EXPECT_EQ(ended.output, "/usr/bin\n1\n");
}

}  // namespace
}  // namespace qmail
