// tcprules when the power fails or a call does: the old cdb or the new one is there, whole; once it has ended
// well, the new one.
#include <cerrno>
#include <fstream>
#include <gtest/gtest.h>

#include "core/base/fd.h"
#include "tests/support/crash_driver.h"
#include "ucspi/lib/rules_builder.h"
#include "ucspi/tcprules/compile_rules.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* rules = "192.0.2.0/24:deny\n:allow\n";
constexpr int nobody = -1;

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string compiled() {
  ucspi::RulesBuilder builder;
  builder.add(ucspi::parse_rule_line("192.0.2.0/24:deny").value());
  builder.add(ucspi::parse_rule_line(":allow").value());
  return builder.finish();
}

void prepare(const fs::path& home) {
  write(home / "rules", rules);
  write(home / "cdb", "old");
  write(home / "tmp", "left by an earlier run");
}

int compile(const fs::path& home, Witness&) {
  const Fd in = Directory::open(home.string()).open_file("rules");
  ucspi::compile_rules(in.get(), (home / "cdb").string(), (home / "tmp").string(), nobody);
  return 0;
}

Problems problems(const fs::path& home, const Ended& ended) {
  const std::string cdb = read(home / "cdb");
  if (cdb != "old" && cdb != compiled()) return {"the cdb is neither the old nor the new one"};
  if (ended.exit_code == 0 && cdb != compiled()) return {"the new cdb is not there"};
  return {};
}

const Scenario compiling{prepare, compile, problems};

TEST(PowerFailure, LeavesTheOldRulesOrTheNewOnes) {
  EXPECT_EQ(stop_at_every_call(compiling), Problems{});
  EXPECT_NE(stop_at_every_call(compiling, {.directory_syncs_work = false}), Problems{});
}

TEST(AFailedCall, LeavesTheOldRulesOrTheNewOnes) {
  for (const int error : {EIO, ENOSPC})
    for (const bool lasting : {false, true})
      EXPECT_EQ(
          trouble_at_every_call(compiling, {.kind = Trouble::Kind::fail, .error = error, .lasting = lasting}),
          Problems{});
  EXPECT_EQ(trouble_at_every_call(compiling, {.kind = Trouble::Kind::short_write}), Problems{});
}

}  // namespace
}  // namespace qmail::test
