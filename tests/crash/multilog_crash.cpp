// multilog when the power fails or a call does: what is in a file named .s is whole and in its place, nothing
// comes twice, and once multilog has ended well every line is there.
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <gtest/gtest.h>

#include "core/programs/multilog/recorder.h"
#include "core/programs/multilog/rotated_log.h"
#include "tests/support/crash_driver.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr int line_count = 150;
constexpr int quiet = -1;

std::string input() {
  std::string lines;
  for (int i = 0; i < line_count; ++i)
    lines += std::string(60, static_cast<char>('a' + i % 26)) + std::to_string(i) + "\n";
  return lines;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// No two moments are the same.
class Ticking final : public Clock {
 public:
  Moment moment() const override { return {1795375500, ++microseconds_}; }

 private:
  mutable std::int32_t microseconds_ = 0;
};

const multilog::Patience& hasty() {
  static const multilog::Patience patience(quiet, [] {});
  return patience;
}

void prepare(const fs::path& home) {
  std::ofstream(home / "input", std::ios::binary) << input();
  fs::create_directory(home / "log");
}

int keep(const fs::path& home, const std::string& processor) {
  const Fd in = Directory::open(home.string()).open_file("input");
  std::vector<std::string> args{"s4096", "n100", (home / "log").string()};
  if (!processor.empty()) args.insert(args.begin(), processor);
  return multilog::record_lines(multilog::parse_script(args),
                                {.in = in.get(), .err = quiet, .clock = Ticking(), .patience = hasty()});
}

/// As the next multilog finds it; then all of it, in order.
std::vector<fs::path> files_after_restart(const fs::path& log) {
  class Later final : public Clock {
   public:
    Moment moment() const override { return {1795379100, ++microseconds_}; }

   private:
    mutable std::int32_t microseconds_ = 0;
  };
  const Later clock;
  multilog::RotatedLog({.directory = log.string(), .files = 100}, clock, hasty()).close();
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(log))
    if (entry.path().filename().string().starts_with('@')) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  files.push_back(log / "current");
  return files;
}

Problems problems(const fs::path& home, const Ended& ended) {
  const std::string lines = input();
  std::string whole, all;
  bool is_cut = false;
  for (const fs::path& file : files_after_restart(home / "log")) {
    const std::string bytes = read(file);
    all += bytes;
    if (file.extension() == ".s" && is_cut) return {"a whole file follows one that is not"};
    if (file.extension() == ".s") whole += bytes;
    is_cut = is_cut || file.extension() == ".u";
  }
  if (!lines.starts_with(whole)) return {"what is whole is not what was read"};
  // Of what was not synced the end may be missing, of each file.
  if (all.size() > lines.size()) return {"something came twice"};
  if (ended.exit_code == 0 && all != lines) return {"lines are missing"};
  return {};
}

Scenario keeping(const std::string& processor = "") {
  return {prepare, [processor](const fs::path& home, Witness&) { return keep(home, processor); }, problems};
}

TEST(PowerFailure, LeavesWholeLogFilesWhole) { EXPECT_EQ(stop_at_every_call(keeping()), Problems{}); }

TEST(PowerFailure, LeavesWhatAProcessorMadeOrWhatItRead) {
  EXPECT_EQ(stop_at_every_call(keeping("!cat")), Problems{});
}

TEST(PowerFailure, OnlyDirectorySyncsKeepTheNames) {
  EXPECT_NE(stop_at_every_call(keeping(), {.directory_syncs_work = false}), Problems{});
}

TEST(AFailedCall, LosesNoLine) {
  for (const int error : {EIO, ENOSPC})
    EXPECT_EQ(trouble_at_every_call(keeping(), {.kind = Trouble::Kind::fail, .error = error}), Problems{});
  EXPECT_EQ(trouble_at_every_call(keeping(), {.kind = Trouble::Kind::short_write}), Problems{});
}

}  // namespace
}  // namespace qmail::test
