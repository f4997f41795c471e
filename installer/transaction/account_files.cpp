#include "installer/transaction/account_files.h"

#include <shadow.h>

#include "core/base/failure.h"
#include "core/base/spawn.h"
#include "installer/transaction/accounts.h"
#include "installer/transaction/files.h"

namespace qmail::transaction {
namespace {

constexpr const char* no_shell = "/usr/sbin/nologin";

/// passwd(5)'s lock, while the running machine's files are edited.
class AccountLock {
 public:
  explicit AccountLock(const Tree& tree) : held_(tree.is_whole_machine()) {
    if (held_ && ::lckpwdf() < 0) throw Failure::system("lock /etc/passwd");
  }
  ~AccountLock() {
    if (held_) ::ulckpwdf();
  }
  AccountLock(const AccountLock&) = delete;
  AccountLock& operator=(const AccountLock&) = delete;

 private:
  bool held_;
};

/// Replaces a file that exists, with its own owner and mode.
void rewrite(const Tree& tree, const std::string& path, const std::string& text) {
  const auto status = tree.find(path);
  if (!status || tree.read(path) == text) return;
  put_file(tree, path, text, {.uid = status->st_uid, .gid = status->st_gid, .mode = status->st_mode & 07777});
}

void add_line(const Tree& tree, const std::string& path, const std::string& name, const std::string& line) {
  const auto text = tree.read(path);
  if (text && lines_of_account(*text, name).empty()) rewrite(tree, path, with_account(*text, line));
}

/// True if the command is on the running machine; then it has run. Throws Failure if it fails.
bool run_if_possible(const Tree& tree, const std::vector<std::string>& argv) {
  if (!tree.is_whole_machine() || !tree.find(argv.front())) return false;
  const auto child = spawn({.argv = argv});
  if (!child) throw Failure::system("run " + argv.front());
  const int status = wait_for(*child);
  if (crashed(status) || exit_code(status) != 0)
    throw Failure(Exit::temporary, "unable to run " + argv.front() + " for " + argv.back() + ": it failed");
  return true;
}

}  // namespace

std::string account_line(const Tree& tree, AccountFiles files, const std::string& name) {
  return lines_of_account(tree.read(files.back()).value_or(""), name);
}

Saved save_account(const Tree& tree, AccountFiles files, const std::string& name) {
  Saved saved{{"was", account_line(tree, files, name)}, {"lines", Saved::object()}};
  for (const char* file : files) saved["lines"][file] = lines_of_account(tree.read(file).value_or(""), name);
  return saved;
}

void add_group(const Tree& tree, const AddGroup& step) {
  if (!account_line(tree, group_files, step.name).empty()) return;
  const std::string gid = std::to_string(step.gid);
  if (run_if_possible(tree, {"/usr/sbin/groupadd", "-r", "-g", gid, step.name})) return;
  const AccountLock lock(tree);
  add_line(tree, "/etc/gshadow", step.name, step.name + ":!::");
  add_line(tree, "/etc/group", step.name, step.name + ":x:" + gid + ":");
}

void add_user(const Tree& tree, const AddUser& step) {
  if (!account_line(tree, user_files, step.name).empty()) return;
  const std::string uid = std::to_string(step.uid);
  if (run_if_possible(tree, {"/usr/sbin/useradd", "-r", "-u", uid, "-g", step.group, "-d", step.home, "-M",
                             "-s", no_shell, step.name}))
    return;
  const Accounts accounts = read_accounts(tree);
  const Group* group = accounts.find_group(step.group);
  if (group == nullptr) throw Failure(Exit::temporary, "unable to find group " + step.group);
  const AccountLock lock(tree);
  add_line(tree, "/etc/shadow", step.name, step.name + ":!:::::::");
  add_line(tree, "/etc/passwd", step.name,
           step.name + ":x:" + uid + ":" + std::to_string(group->gid) + "::" + step.home + ":" + no_shell);
}

void remove_account(const Tree& tree, AccountFiles files, const std::string& name) {
  const AccountLock lock(tree);
  for (const char* file : files)
    if (const auto text = tree.read(file)) rewrite(tree, file, without_account(*text, name));
}

std::optional<std::string> undo_account(const Tree& tree, AccountFiles files, const std::string& name,
                                        const Saved& saved, const std::optional<std::string>& made) {
  const std::string now = account_line(tree, files, name);
  const std::string was = saved.value("was", "");
  if (!now.empty() && now != was && made && now != *made)
    return name + " in /etc was changed since: left as it is";
  const AccountLock lock(tree);
  for (const char* file : files) {
    remove_leftover(tree, file);
    const auto text = tree.read(file);
    if (!text) continue;
    const std::string lines = saved["lines"].value(file, "");
    if (lines_of_account(*text, name) == lines) continue;
    std::string others = without_account(*text, name);
    if (!others.empty() && others.back() != '\n') others += '\n';
    rewrite(tree, file, others + lines);
  }
  return std::nullopt;
}

}  // namespace qmail::transaction
