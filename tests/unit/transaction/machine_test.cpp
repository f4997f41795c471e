#include "installer/transaction/machine.h"

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include "core/base/failure.h"
#include "installer/transaction/engine.h"
#include "installer/transaction/store.h"
#include "tests/support/fake_clock.h"

namespace qmail::transaction {
namespace {

namespace fs = boost::filesystem;

/// A small root of its own in which "me" is who runs the test.
class MachineTest : public testing::Test {
 protected:
  MachineTest() : root_(fs::temp_directory_path() / fs::unique_path("machine.%%%%%%%%")) {
    fs::create_directories(root_ / "etc");
    const std::string ids = std::to_string(::getuid()) + ":" + std::to_string(::getgid());
    write("etc/passwd", "me:x:" + ids + "::/:/bin/sh\n");
    write("etc/group", "mine:x:" + std::to_string(::getgid()) + ":\n");
    write("etc/shadow", "me:!:::::::\n");
    tree_.emplace(root_.string());
    opened_.emplace(Store(*tree_).begin({.title = "empty", .steps = {}}, test::FakeClock(1800000000)));
    machine_.emplace(*tree_, tree_->open_directory("/var/lib/qmailkit/transactions/" + opened_->id));
  }
  ~MachineTest() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& content) { fs::ofstream(root_ / name) << content; }
  std::string read(const std::string& path) { return tree_->read(path).value_or("(absent)"); }

  /// What the engine does with one step.
  void apply(const Step& step) {
    saved_ = machine_->save(0, step);
    machine_->apply(step);
    made_ = machine_->fingerprint(step);
  }
  std::optional<std::string> undo(const Step& step) { return machine_->undo(step, saved_, made_); }

  fs::path root_;
  std::optional<Tree> tree_;
  std::optional<Opened> opened_;
  std::optional<Machine> machine_;
  Saved saved_;
  std::optional<std::string> made_;
};

TEST_F(MachineTest, PutsAFileAndTakesItAway) {
  const PutFile step{"/etc/new", "text\n", "me", "mine", 0640};
  apply(step);
  EXPECT_EQ(read("/etc/new"), "text\n");
  EXPECT_EQ(tree_->find("/etc/new")->st_mode & 07777, 0640U);
  EXPECT_EQ(undo(step), std::nullopt);
  EXPECT_FALSE(tree_->find("/etc/new"));
}

TEST_F(MachineTest, RestoresAFileWithModeTimesAndExtendedAttributes) {
  write("etc/file", "old\n");
  const std::string name = (root_ / "etc/file").string();
  fs::permissions(name, static_cast<fs::perms>(0604));
  fs::last_write_time(name, 1000000);
  const bool has_attributes = ::setxattr(name.c_str(), "user.note", "kept", 4, 0) == 0;
  const PutFile step{"/etc/file", "new\n", "me", "mine", 0600};
  apply(step);
  EXPECT_EQ(read("/etc/file"), "new\n");
  EXPECT_EQ(undo(step), std::nullopt);
  EXPECT_EQ(read("/etc/file"), "old\n");
  EXPECT_EQ(tree_->find("/etc/file")->st_mode & 07777, 0604U);
  EXPECT_EQ(fs::last_write_time(name), 1000000);
  std::string value(8, '\0');
  if (has_attributes) {
    EXPECT_EQ(::getxattr(name.c_str(), "user.note", value.data(), value.size()), 4);
  }
}

TEST_F(MachineTest, KeepsAFileThatSomebodyChangedSince) {
  const PutFile step{"/etc/new", "ours\n", "me", "mine", 0644};
  apply(step);
  write("etc/new", "theirs\n");
  const auto note = undo(step);
  ASSERT_TRUE(note);
  EXPECT_NE(note->find("new.before-rollback"), std::string::npos);
  EXPECT_EQ(read("/etc/new.before-rollback"), "theirs\n");
  EXPECT_FALSE(tree_->find("/etc/new"));
}

TEST_F(MachineTest, NeverOverwritesWhatWasKeptBefore) {
  write("etc/new.before-rollback", "first\n");
  const PutFile step{"/etc/new", "ours\n", "me", "mine", 0644};
  apply(step);
  write("etc/new", "theirs\n");
  undo(step);
  EXPECT_EQ(read("/etc/new.before-rollback"), "first\n");
  EXPECT_EQ(read("/etc/new.before-rollback.2"), "theirs\n");
}

TEST_F(MachineTest, UndoingTwiceIsTheSameAsOnce) {
  write("etc/file", "old\n");
  for (const Step& step :
       std::vector<Step>{PutFile{"/etc/file", "new\n", "me", "mine", 0644}, Remove{"/etc/file"},
                         SetMode{"/etc/file", "me", "mine", 0400}, MakeSymlink{"/etc/file", "/elsewhere"}}) {
    apply(step);
    EXPECT_EQ(undo(step), std::nullopt);
    EXPECT_EQ(undo(step), std::nullopt);
    EXPECT_EQ(read("/etc/file"), "old\n");
    EXPECT_FALSE(tree_->find("/etc/file.before-rollback"));
  }
}

TEST_F(MachineTest, RemovesFifosLinksAndEmptyDirectoriesAndMakesThemAgain) {
  apply(MakeDirectory{"/etc/d", "me", "mine", 0750});
  apply(MakeFifo{"/etc/p", "me", "mine", 0622});
  apply(MakeSymlink{"/etc/l", "target"});
  for (const char* path : {"/etc/d", "/etc/p", "/etc/l"}) {
    const std::string before = fingerprint(*tree_, path);
    apply(Remove{path});
    EXPECT_FALSE(tree_->find(path));
    undo(Remove{path});
    EXPECT_EQ(fingerprint(*tree_, path), before);
  }
}

TEST_F(MachineTest, RemovesASocketThatAProcessHasLeftForGood) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  (root_ / "etc/socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  const Remove step{"/etc/socket"};
  apply(step);
  EXPECT_FALSE(tree_->find("/etc/socket"));
  EXPECT_EQ(undo(step), std::nullopt);
  EXPECT_FALSE(tree_->find("/etc/socket"));
}

TEST_F(MachineTest, DoesNotRemoveADirectoryWithSomethingInIt) {
  EXPECT_THROW(apply(Remove{"/etc"}), Failure);
  const MakeDirectory step{"/etc/d", "me", "mine", 0755};
  apply(step);
  write("etc/d/foreign", "");
  EXPECT_TRUE(undo(step));
  EXPECT_TRUE(tree_->find("/etc/d/foreign"));
}

TEST_F(MachineTest, SetsAModeAndSetsItBackAlsoWhenCutOffBetween) {
  write("etc/file", "");
  fs::permissions(root_ / "etc/file", static_cast<fs::perms>(0644));
  const SetMode step{"/etc/file", "me", "mine", 04711};
  apply(step);
  EXPECT_EQ(tree_->find("/etc/file")->st_mode & 07777, 04711U);
  // A change of owner has cleared the setuid bit, the change of mode did not happen any more.
  fs::permissions(root_ / "etc/file", static_cast<fs::perms>(0711));
  EXPECT_EQ(undo(step), std::nullopt);
  EXPECT_EQ(tree_->find("/etc/file")->st_mode & 07777, 0644U);
}

TEST_F(MachineTest, AddsAUserToTheFilesAndTakesHimOut) {
  const AddUser step{"qmailq", "mine", "/var/qmail", 4711};
  const std::string before = read("/etc/passwd");
  apply(step);
  EXPECT_EQ(read("/etc/passwd"),
            before + "qmailq:x:4711:" + std::to_string(::getgid()) + "::/var/qmail:/usr/sbin/nologin\n");
  EXPECT_EQ(read("/etc/shadow"), "me:!:::::::\nqmailq:!:::::::\n");
  EXPECT_EQ(undo(step), std::nullopt);
  EXPECT_EQ(read("/etc/passwd"), before);
  EXPECT_EQ(read("/etc/shadow"), "me:!:::::::\n");
}

TEST_F(MachineTest, FinishesAnUndoneUserThatWasCutOffBetweenItsFiles) {
  const AddUser step{"qmailq", "mine", "/var/qmail", 4711};
  apply(step);
  write("etc/shadow", "me:!:::::::\n");
  EXPECT_EQ(undo(step), std::nullopt);
  EXPECT_EQ(read("/etc/passwd").find("qmailq"), std::string::npos);
}

TEST_F(MachineTest, AUserThatWasThereStays) {
  const AddUser step{"me", "mine", "/elsewhere", 4711};
  const std::string before = read("/etc/passwd");
  apply(step);
  EXPECT_EQ(read("/etc/passwd"), before);
  EXPECT_EQ(undo(step), std::nullopt);
  EXPECT_EQ(read("/etc/passwd"), before);
}

TEST_F(MachineTest, RemovesAUserAndPutsHimBack) {
  apply(RemoveUser{"me"});
  EXPECT_EQ(read("/etc/passwd"), "");
  EXPECT_EQ(read("/etc/shadow"), "");
  undo(RemoveUser{"me"});
  EXPECT_EQ(read("/etc/shadow"), "me:!:::::::\n");
}

TEST_F(MachineTest, ATransactionIsFoundAgainAndGoesOn) {
  const Store store(*tree_);
  const Plan plan{
      .title = "two",
      .steps = {PutFile{"/etc/a", "a", "me", "mine", 0644}, PutFile{"/etc/b", "b", "me", "mine", 0644}}};
  const std::string id = store.begin(plan, test::FakeClock(1800000001)).id;
  EXPECT_EQ(id, "20270115-080001");
  Watcher watcher;
  {
    Opened opened = store.open(id);
    Machine machine(*tree_, std::move(opened.folder));
    opened.journal.intended(0, machine.save(0, plan.steps[0]));
  }
  fs::ofstream(root_ / "var/lib/qmailkit/transactions" / id / "journal", std::ios::app) << "{\"torn";
  Opened opened = store.open(id);
  Machine machine(*tree_, std::move(opened.folder));
  EXPECT_TRUE(qmail::transaction::apply(machine, opened.journal, watcher));
  EXPECT_EQ(read("/etc/a") + read("/etc/b"), "ab");
  EXPECT_EQ(store.read(id).state(), Journal::State::committed);
  EXPECT_EQ(store.ids().back(), id);
}

TEST_F(MachineTest, OnlyOneInstallerWorksAtATime) {
  const Store store(*tree_);
  const auto held = store.lock();
  ASSERT_TRUE(held);
  EXPECT_FALSE(store.lock());
}

}  // namespace
}  // namespace qmail::transaction
