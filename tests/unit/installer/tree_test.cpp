#include "installer/transaction/tree.h"

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <gtest/gtest.h>

namespace qmail::transaction {
namespace {

namespace fs = boost::filesystem;

class TreeTest : public testing::Test {
 protected:
  TreeTest()
      : outside_(fs::temp_directory_path() / fs::unique_path("tree.%%%%%%%%")), root_(outside_ / "root") {
    fs::create_directories(root_ / "etc");
    fs::ofstream(outside_ / "secret") << "outside";
    fs::ofstream(root_ / "etc" / "file") << "inside";
  }
  ~TreeTest() override { fs::remove_all(outside_); }

  fs::path outside_;
  fs::path root_;
};

TEST_F(TreeTest, ReadsAFileBelowTheRoot) { EXPECT_EQ(Tree(root_.string()).read("/etc/file"), "inside"); }

TEST_F(TreeTest, NoLinkLeadsOutside) {
  fs::create_symlink(outside_ / "secret", root_ / "absolute");
  fs::create_symlink("../../secret", root_ / "relative");
  fs::create_symlink("/etc/file", root_ / "within");
  const Tree tree(root_.string());
  EXPECT_EQ(tree.read("/absolute"), std::nullopt);
  EXPECT_EQ(tree.read("/relative"), std::nullopt);
  EXPECT_EQ(tree.read("/../secret"), std::nullopt);
  EXPECT_EQ(tree.read("/within"), "inside");
}

TEST_F(TreeTest, WhatDoesNotExistIsNoFailure) {
  const Tree tree(root_.string());
  EXPECT_FALSE(tree.find("/no/such/file"));
  EXPECT_FALSE(tree.find("/etc/file/below-a-file"));
  EXPECT_EQ(tree.read("/none"), std::nullopt);
  EXPECT_TRUE(tree.names("/none").empty());
}

TEST_F(TreeTest, ListsNamesInOrder) {
  fs::ofstream(root_ / "etc" / "a") << "";
  EXPECT_EQ(Tree(root_.string()).names("/etc"), (std::vector<std::string>{"a", "file"}));
}

}  // namespace
}  // namespace qmail::transaction
