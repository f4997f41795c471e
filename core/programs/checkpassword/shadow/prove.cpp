// By the hashes in the system's databases. shadow(5), crypt(5).
#include <cerrno>
#include <shadow.h>

#include "core/accounts/aging.h"
#include "core/accounts/crypt.h"
#include "core/base/failure.h"
#include "core/programs/checkpassword/check.h"

namespace qmail {
namespace {

constexpr std::int64_t seconds_of_day = 86400;

}  // namespace

std::optional<std::string> prove(const accounts::ClaimParts& claim, const Process& self) {
  const std::string name(claim.login);
  errno = 0;
  const spwd* entry = ::getspnam(name.c_str());
  // Who is not root is told that there is nobody.
  if (entry == nullptr && (is_temporary(errno) || errno == EACCES))
    throw Failure::system("look up the password of " + name);
  const auto hash = entry == nullptr ? std::nullopt : std::optional<std::string_view>(entry->sp_pwdp);
  if (!accounts::is_password(claim.password, hash)) return std::nullopt;
  const accounts::Aging aging{
      .changed = entry->sp_lstchg, .longest = entry->sp_max, .expires = entry->sp_expire};
  if (!accounts::is_expired(aging, self.clock.now() / seconds_of_day)) return name;
  tell_why_not(self, name, "the account or its password has expired");
  return std::nullopt;
}

}  // namespace qmail
