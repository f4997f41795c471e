#include "core/control/rcpthosts.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "core/format/cdb.h"

namespace qmail {
namespace {

class RcptHostsTest : public testing::Test {
 protected:
  RcptHostsTest() { std::filesystem::create_directory(folder_); }
  ~RcptHostsTest() override { std::filesystem::remove_all(folder_); }
  void put(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::optional<RcptHosts> find() const { return RcptHosts::find(Control(Directory::open(folder_))); }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("rcpthosts." + std::to_string(::getpid()));
};

TEST_F(RcptHostsTest, WithoutTheFileThereAreNone) {
  put("morercpthosts.cdb", CdbBuilder().finish());
  EXPECT_FALSE(find());
}

TEST_F(RcptHostsTest, AnEmptyFileAllowsOnlyAddressesWithoutHost) {
  put("rcpthosts", "");
  const auto hosts = find();
  ASSERT_TRUE(hosts);
  EXPECT_TRUE(hosts->allows("postmaster"));
  EXPECT_TRUE(hosts->allows(""));
  EXPECT_FALSE(hosts->allows("a@example.org"));
  EXPECT_FALSE(hosts->allows("a@"));
}

TEST_F(RcptHostsTest, AHostIsFoundInAnyCaseAndByTheDottedPartsAtItsEnd) {
  put("rcpthosts", "Example.org\n.wild.example \n# comment\n");
  const auto hosts = find();
  EXPECT_TRUE(hosts->allows("a@example.ORG"));
  EXPECT_TRUE(hosts->allows("a@x.y.WILD.example"));
  EXPECT_FALSE(hosts->allows("a@wild.example"));
  EXPECT_FALSE(hosts->allows("a@sub.example.org"));
  EXPECT_FALSE(hosts->allows("a@badexample.org"));
  EXPECT_FALSE(hosts->allows("a@example.org@evil.test"));
  EXPECT_TRUE(hosts->allows("a@evil.test@example.org"));
}

TEST_F(RcptHostsTest, TheCdbIsAskedAfterTheFile) {
  put("rcpthosts", "first.example\n");
  CdbBuilder more;
  more.add("second.example", "");
  more.add(".third.example", "");
  put("morercpthosts.cdb", more.finish());
  const auto hosts = find();
  EXPECT_TRUE(hosts->allows("a@first.example"));
  EXPECT_TRUE(hosts->allows("a@Second.Example"));
  EXPECT_TRUE(hosts->allows("a@x.third.example"));
  EXPECT_FALSE(hosts->allows("a@third.example"));
}

TEST_F(RcptHostsTest, ACdbCutShortIsAFailureAndNotARefusal) {
  put("rcpthosts", "");
  CdbBuilder more;
  more.add("second.example", "");
  const std::string whole = more.finish();
  put("morercpthosts.cdb", whole.substr(0, whole.size() - 1));
  EXPECT_THROW(find(), Failure);
  put("morercpthosts.cdb", "");
  EXPECT_THROW(find(), Failure);
}

}  // namespace
}  // namespace qmail
