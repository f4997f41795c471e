#include "core/programs/checklocalpwd/local_accounts.h"

#include <cerrno>

#include "core/accounts/crypt.h"
#include "core/accounts/poppasswd.h"
#include "core/accounts/system_account.h"
#include "core/base/fd.h"
#include "core/base/home.h"
#include "core/base/options.h"

namespace qmail {
namespace {

constexpr auto misused = static_cast<Exit>(2);

std::string read_file(const std::string& path) {
  const auto file = find_regular_file(path);
  if (!file) throw Failure::system("read " + path, ENOENT);
  auto text = read_all(file->get(), accounts::poppasswd::most_bytes, path);
  if (!text) throw Failure::system("read " + path, EFBIG);
  return std::move(*text);
}

std::optional<accounts::MailUser> find_user(const std::string& path, std::string_view login) {
  auto found = accounts::poppasswd::find(read_file(path), login);
  if (const auto* problem = std::get_if<accounts::poppasswd::Problem>(&found))
    throw Failure(Exit::temporary, "unable to use " + path + ", line " + std::to_string(problem->line) +
                                       ": " + problem->reason);
  auto* user = std::get_if<accounts::MailUser>(&found);
  return user != nullptr ? std::optional(std::move(*user)) : std::nullopt;
}

}  // namespace

std::string take_poppasswd_option(Process& self) {
  std::string file = etc_path() + "/poppasswd";
  Options options(self.args, "f:");
  while (const auto option = options.next()) {
    if (*option != 'f') throw UsageError(misused, options.problem());
    file = options.value();
  }
  self.args = options.rest();
  return file;
}

std::optional<accounts::Account> find_local_account(const std::string& file,
                                                    const accounts::ClaimParts& claim) {
  const auto user = find_user(file, claim.login);
  const auto hash = user ? std::optional<std::string_view>(user->hash) : std::nullopt;
  if (!accounts::is_password(claim.password, hash)) return std::nullopt;
  auto account = accounts::find_system_account(user->user);
  const auto refuse = [&](const std::string& why) {
    return Failure(Exit::temporary, "unable to let " + user->login + " of " + file + " in: " + why);
  };
  if (!account) throw refuse("there is no system user " + user->user);
  if (account->uid == 0) throw refuse("its system user is root");
  account->home = user->home;
  return account;
}

}  // namespace qmail
