#include "core/accounts/system_account.h"

#include <cerrno>
#include <pwd.h>

#include "core/base/failure.h"

namespace qmail::accounts {

std::optional<Account> find_system_account(const std::string& name) {
  errno = 0;
  const passwd* entry = ::getpwnam(name.c_str());
  // Other errors are how some name services say "no such user".
  if (entry == nullptr && is_temporary(errno)) throw Failure::system("look up user " + name);
  if (entry == nullptr) return std::nullopt;
  return Account{.name = entry->pw_name,
                 .uid = entry->pw_uid,
                 .gid = entry->pw_gid,
                 .home = entry->pw_dir,
                 .shell = entry->pw_shell};
}

}  // namespace qmail::accounts
