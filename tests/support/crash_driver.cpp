#include "tests/support/crash_driver.h"

#include <algorithm>
#include <new>
#include <signal.h>
#include <stdexcept>
#include <stdlib.h>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/spawn.h"
#include "core/base/text.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr int out_of_memory = 111;
/// No piece of work has this many calls: it goes round and round.
constexpr std::size_t too_many_calls = 10000;

/// In memory where that is possible: what the disk keeps is decided by sys_crash, not by the filesystem.
fs::path scratch() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

/// A directory for one run: the watched home and the copies of it.
class Workshop {
 public:
  Workshop() {
    std::string pattern = (scratch() / "crash.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
    fs::create_directory(home());
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path home() const { return path_ / "home"; }
  fs::path copy(std::size_t number) const { return path_ / std::to_string(number); }

 private:
  fs::path path_;
};

/// The child's reports are lines: a kind, a space, the rest.
void report(int fd, const std::string& kind, const std::string& rest) {
  // The parent reads to the end; without it the test is lost anyway.
  static_cast<void>(Writer(fd).put(kind).put(' ').put(rest).put("\n").flush());
}

/// In the child: leaves a copy of the home for each way the disk could be, and tells what it is.
void leave_copies(const Disk& disk, const Workshop& workshop, int fd) {
  std::size_t number = 0;
  report(fd, "calls", std::to_string(disk.calls()));
  report(fd, "last", disk.last_call());
  for (const Survival& survival : disk.survivals()) {
    disk.materialise(survival, workshop.copy(number++));
    report(fd, "copy", survival.what);
  }
}

int exit_code_of(const Scenario& scenario, const fs::path& home, Witness& witness) {
  try {
    return scenario.run(home, witness);
  } catch (const Failure& failure) {
    return static_cast<int>(failure.code());
  } catch (const std::bad_alloc&) {
    return out_of_memory;
  }
}

[[noreturn]] void work(const Scenario& scenario, const Trouble& trouble, const Conditions& conditions,
                       const Workshop& workshop, int fd) {
  const auto stopped = [&] {
    leave_copies(*Disk::watched(), workshop, fd);
    ::_exit(0);
  };
  Disk& disk = Disk::watch(workshop.home(), trouble, conditions, stopped);
  Witness witness(fd);
  report(fd, "exit", std::to_string(exit_code_of(scenario, workshop.home(), witness)));
  leave_copies(disk, workshop, fd);
  ::_exit(0);
}

struct Report {
  Ended ended;
  std::string last_call;
  std::vector<std::string> copies;
};

Report read_report(int fd) {
  Report result;
  Reader in(fd);
  std::string line;
  while (in.line(line)) {
    const std::string_view text = line;
    const auto kind = text.substr(0, text.find(' '));
    const std::string rest(text.substr(std::min(text.size(), kind.size() + 1)));
    if (kind == "exit") result.ended.exit_code = std::stoi(rest);
    if (kind == "calls") result.ended.calls = std::stoul(rest);
    if (kind == "last") result.last_call = rest;
    if (kind == "copy") result.copies.push_back(rest);
    if (kind == "told") result.ended.told.push_back(rest);
  }
  return result;
}

struct Round {
  Problems problems;
  std::size_t calls = 0;
};

Round run_once(const Scenario& scenario, const Trouble& trouble, const Conditions& conditions) {
  const Workshop workshop;
  scenario.prepare(workshop.home());
  Pipe report_pipe = Pipe::make();
  const pid_t child = ::fork();
  if (child == 0) work(scenario, trouble, conditions, workshop, report_pipe.write.get());
  report_pipe.write.close();
  const Report told = read_report(report_pipe.read.get());
  if (const int status = wait_for(child); crashed(status) || told.copies.empty())
    return {{"call " + std::to_string(trouble.at) + ": the work crashed"}, 0};

  Round round{{}, told.ended.calls};
  for (std::size_t i = 0; i < told.copies.size(); ++i) {
    Ended ended = told.ended;
    ended.where = "call " + std::to_string(trouble.at) + " of " + std::to_string(ended.calls) + ", " +
                  told.last_call + "; left: " + told.copies[i];
    for (const std::string& problem : scenario.problems(workshop.copy(i), ended))
      round.problems.push_back(ended.where + ": " + problem);
  }
  return round;
}

Problems every_call(const Scenario& scenario, Trouble trouble, const Conditions& conditions) {
  Problems all;
  for (trouble.at = 1; trouble.at < too_many_calls; ++trouble.at) {
    Round round = run_once(scenario, trouble, conditions);
    std::move(round.problems.begin(), round.problems.end(), std::back_inserter(all));
    // The call at which to stop was never reached: the work came to its end.
    if (round.calls < trouble.at) return all;
  }
  all.push_back("the work never ends");
  return all;
}

}  // namespace

void Witness::tell(const std::string& line) { report(fd_, "told", line); }

bool Ended::has_told(const std::string& line) const {
  return std::find(told.begin(), told.end(), line) != told.end();
}

Problems stop_at_every_call(const Scenario& scenario, const Conditions& conditions) {
  return every_call(scenario, {.kind = Trouble::Kind::stop}, conditions);
}

Problems trouble_at_every_call(const Scenario& scenario, Trouble trouble, const Conditions& conditions) {
  return every_call(scenario, trouble, conditions);
}

}  // namespace qmail::test
