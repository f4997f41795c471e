#include "core/programs/cmd5checkpw/check.h"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

#include "core/accounts/challenge.h"
#include "core/accounts/poppasswd.h"
#include "core/accounts/system_account.h"
#include "core/base/fd.h"
#include "core/base/home.h"
#include "core/base/secret.h"
#include "core/users/ids.h"

namespace qmail {
namespace {

/// The whole file. Throws Failure, also if others may read or change it.
std::string read_passwords(const std::string& path) {
  const auto file = find_regular_file(path);
  if (!file) throw Failure::system("read " + path, ENOENT);
  struct stat status {};
  if (::fstat(file->get(), &status) < 0) throw Failure::system("look at " + path);
  if ((status.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0)
    throw Failure(Exit::temporary,
                  "unable to use " + path + ": others can read or change the passwords in it; chmod 400 it");
  auto text = read_all(file->get(), accounts::poppasswd::most_bytes, path);
  if (!text) throw Failure::system("read " + path, EFBIG);
  return std::move(*text);
}

/// The password of a line. Throws Failure if the line is of the other file of this name.
std::string_view secret_of(std::string_view line, const std::string& login, const std::string& path) {
  if (std::holds_alternative<accounts::MailUser>(accounts::poppasswd::parse_line(line)))
    throw Failure(Exit::temporary,
                  "unable to use the line of " + login + " in " + path +
                      ": it is checklocalpwd's, login:crypt:user:home, and not login:password");
  return line.substr(login.size() + 1);
}

/// The system's user of this name, or else somebody who may do nothing.
accounts::Account account_of(const std::string& login, const Process& self) {
  auto account = accounts::find_system_account(login);
  if (account && account->uid != 0 && (::geteuid() == 0 || account->uid == ::geteuid()))
    return std::move(*account);
  const Identity nobody = ::geteuid() == 0 ? users::read_ids(self.home()).qmaild
                                           : Identity{.uid = ::geteuid(), .gid = ::getegid()};
  return {.name = login, .uid = nobody.uid, .gid = nobody.gid, .home = "/", .shell = "/bin/false"};
}

}  // namespace

bool is_proof(const accounts::ClaimParts& claim, std::string_view secret) {
  if (secret.empty()) return false;
  const bool is_plain = is_same_secret(claim.password, secret);
  const bool is_first = accounts::is_response(claim.password, claim.timestamp, secret);
  const bool is_second = accounts::is_response(claim.timestamp, claim.password, secret);
  return is_plain || is_first || is_second;
}

std::optional<accounts::Account> check_response(const accounts::ClaimParts& claim, const Process& self) {
  if (::geteuid() != self.real_uid)
    throw Failure(Exit::temporary, "unable to go on: cmd5checkpw must not be setuid; chmod u-s it");
  const std::string login(claim.login);
  const std::string path = etc_path() + "/poppasswd";
  std::string text = read_passwords(path);
  const auto line = accounts::poppasswd::find_line(text, login);
  const bool is_known = line && !login.empty() && is_proof(claim, secret_of(line->text, login, path));
  wipe(text);
  if (!is_known) return std::nullopt;
  return account_of(login, self);
}

}  // namespace qmail
