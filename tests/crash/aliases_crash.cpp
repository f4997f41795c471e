// newaliases when the power fails or a call does: the old database or the new one is there, whole; once it
// has ended well, the new one.
#include <cerrno>
#include <fstream>
#include <gtest/gtest.h>

#include "core/format/cdb.h"
#include "core/programs/newaliases/new_aliases.h"
#include "tests/support/crash_driver.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string compiled() {
  using namespace std::string_literals;
  CdbBuilder builder;
  if (!builder.add(":root@", "&ann@mx.example.org\0"s)) return "";
  return builder.finish();
}

void prepare(const fs::path& home) {
  fs::create_directory(home / "control");
  write(home / "control/me", "mx.example.org\n");
  write(home / "aliases", "root: ann\n");
  write(home / "aliases.cdb", "old");
  write(home / "aliases.tmp", "left by an earlier run");
}

int compile(const fs::path& home, Witness&) {
  new_aliases(Control(Directory::open((home / "control").string())), (home / "aliases").string());
  return 0;
}

Problems problems(const fs::path& home, const Ended& ended) {
  const std::string cdb = read(home / "aliases.cdb");
  if (cdb != "old" && cdb != compiled()) return {"the database is neither the old nor the new one"};
  if (ended.exit_code == 0 && cdb != compiled()) return {"the new database is not there"};
  return {};
}

const Scenario compiling{prepare, compile, problems};

TEST(PowerFailure, LeavesTheOldAliasesOrTheNewOnes) {
  EXPECT_EQ(stop_at_every_call(compiling), Problems{});
  EXPECT_NE(stop_at_every_call(compiling, {.directory_syncs_work = false}), Problems{});
}

TEST(AFailedCall, LeavesTheOldAliasesOrTheNewOnes) {
  for (const int error : {EIO, ENOSPC})
    EXPECT_EQ(trouble_at_every_call(compiling, {.kind = Trouble::Kind::fail, .error = error}), Problems{});
  EXPECT_EQ(trouble_at_every_call(compiling, {.kind = Trouble::Kind::short_write}), Problems{});
}

}  // namespace
}  // namespace qmail::test
