#include "core/control/fresh.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail {
namespace {

class FreshControl : public ::testing::Test {
 protected:
  FreshControl() { home_.write("control/me", "mx.example.org\n"); }
  bool is_unchanged() const { return qmail::is_unchanged(control_, later_); }

  test::TempHome home_;
  std::filesystem::path folder_ = home_.path() / "control";
  Control control_{[this] {
    std::filesystem::create_directories(folder_);
    return home_.open().sub("control");
  }()};
  /// Nothing that was written by now is too young to be trusted.
  std::int64_t later_ = SystemClock().now() + 3600;
};

TEST_F(FreshControl, IsAsItWasWhileNobodyTouchesIt) {
  EXPECT_EQ(control_.line("me"), "mx.example.org");
  EXPECT_FALSE(control_.line("maxrcpt"));
  EXPECT_TRUE(is_unchanged());
}

TEST_F(FreshControl, AnEditCounts) {
  control_.line("me");
  home_.write("control/me", "other.example.org\n");
  EXPECT_FALSE(is_unchanged());
}

TEST_F(FreshControl, AFileThatWasNotThereCountsWhenItIs) {
  EXPECT_FALSE(control_.line("maxrcpt"));
  home_.write("control/maxrcpt", "5\n");
  EXPECT_FALSE(is_unchanged());
}

TEST_F(FreshControl, AFileThatNobodyAskedForDoesNotCount) {
  EXPECT_FALSE(control_.line("maxrcpt"));
  home_.write("control/other", "5\n");
  EXPECT_TRUE(is_unchanged());
}

TEST_F(FreshControl, WhetherAFileIsThereCountsAndWhatItSaysDoesNot) {
  EXPECT_FALSE(control_.has("servercert.pem"));
  EXPECT_TRUE(is_unchanged());
  home_.write("control/servercert.pem", "");
  EXPECT_FALSE(is_unchanged());
  control_.forget();
  EXPECT_TRUE(control_.has("servercert.pem"));
  home_.write("control/servercert.pem", "a certificate\n");
  EXPECT_TRUE(is_unchanged());
  EXPECT_EQ(control_.line("servercert.pem"), "a certificate");
  home_.write("control/servercert.pem", "another\n");
  EXPECT_FALSE(is_unchanged());
  control_.forget();
  EXPECT_TRUE(control_.has("servercert.pem"));
  std::filesystem::remove(folder_ / "servercert.pem");
  EXPECT_FALSE(is_unchanged());
}

TEST_F(FreshControl, ALinkIsThereWhateverItNames) {
  std::filesystem::create_symlink(home_.path() / "elsewhere", folder_ / "servercert.pem");
  EXPECT_TRUE(control_.has("servercert.pem"));
  EXPECT_TRUE(is_unchanged());
}

TEST_F(FreshControl, ALinkCountsWhenWhatItNamesAppears) {
  std::filesystem::create_symlink(home_.path() / "elsewhere", folder_ / "maxrcpt");
  EXPECT_FALSE(control_.line("maxrcpt"));
  EXPECT_TRUE(is_unchanged());
  home_.write("elsewhere", "5\n");
  EXPECT_FALSE(is_unchanged());
}

TEST_F(FreshControl, WhatIsYoungerThanTheReadingIsNotTrusted) {
  control_.line("me");
  EXPECT_FALSE(qmail::is_unchanged(control_, 0));
}

}  // namespace
}  // namespace qmail
