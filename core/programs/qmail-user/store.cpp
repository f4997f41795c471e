#include "core/programs/qmail-user/store.h"

#include <cerrno>

#include "core/accounts/poppasswd.h"
#include "core/accounts/system_account.h"
#include "core/accounts/vida.h"
#include "core/base/home.h"
#include "core/base/locked_edit.h"
#include "core/base/spawn.h"
#include "core/base/sys.h"
#include "core/base/text.h"

namespace qmail::user {
namespace {

namespace vida = accounts::vida;

accounts::Account need_system_account(const std::string& name) {
  auto account = accounts::find_system_account(name);
  if (!account) throw Failure(Exit::permanent, "there is no system user " + name);
  return std::move(*account);
}

/// What is in his home is his: nobody else touches it, root least of all.
accounts::Account become_owner(const std::string& name) {
  accounts::Account owner = need_system_account(name);
  if (owner.uid == 0) throw Failure(Exit::permanent, "root owns no domain");
  if (become({.uid = owner.uid, .gid = owner.gid}) < 0) throw Failure::system("become " + name);
  return owner;
}

std::size_t most_bytes(bool is_virtual) {
  return is_virtual ? vida::most_bytes : accounts::poppasswd::most_bytes;
}

std::string absolute(const std::string& home, const accounts::Account& base) {
  if (home.starts_with('/')) return home;
  return home == "." ? base.home : base.home + "/" + home;
}

}  // namespace

Store::Store(const Request& request) {
  if (request.owner) owner_ = become_owner(*request.owner);
  path_ = owner_ ? owner_->home + "/" + vida::file : request.file.value_or(etc_path() + "/poppasswd");
}

std::unique_ptr<Table> Store::make(std::string bytes) const {
  return owner_ ? make_virtual(bytes, path_, *owner_) : make_poppasswd(std::move(bytes), path_);
}

std::unique_ptr<Table> Store::read() const {
  const auto file = find_regular_file(path_);
  if (!file) return make("");
  auto bytes = read_all(file->get(), most_bytes(owner_.has_value()), path_);
  if (!bytes) throw Failure::system("read " + path_, EFBIG);
  return make(std::move(*bytes));
}

void Store::change(const std::function<void(Table&)>& change) const {
  if (owner_) {
    const std::string folder = owner_->home + "/" + vida::folder;
    if (sys::mkdir_at(AT_FDCWD, folder.c_str(), 0700) < 0 && errno != EEXIST)
      throw Failure::system("create " + folder);
  }
  const LockedEdit edit(path_);
  const auto table = make(edit.text(most_bytes(owner_.has_value())).value_or(""));
  change(*table);
  edit.replace(table->bytes());
}

accounts::MailUser Store::completed(accounts::MailUser user) const {
  if (owner_) {
    if (user.user.empty()) user.user = owner_->name;
    const std::string usual = user.login == owner_->name ? "." : user.login;
    user.home = absolute(user.home.empty() ? usual : user.home, *owner_);
    return user;
  }
  if (!user.user.empty() && user.home.starts_with('/')) return user;
  if (user.user.empty()) user.user = user.login;
  const accounts::Account account = need_system_account(user.user);
  user.home = absolute(user.home.empty() ? "." : user.home, account);
  return user;
}

std::string Store::name_of(const std::string& login) const { return owner_ ? lower(login) : login; }

}  // namespace qmail::user
