// Programs that check a password as checkpassword does: what is claimed comes on descriptor 3, the answer is
// what they become or how they end. https://cr.yp.to/checkpwd/interface.html
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

#include "core/accounts/claim.h"
#include "core/base/program.h"

namespace qmail::accounts {

/// Whom the program that is run next acts for.
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
  std::string shell;
};

/// The account, if the claim is true; none if it is not. Throws Failure if that cannot be known now.
using Check = std::function<std::optional<Account>(const ClaimParts&)>;

/// The exit code that means no.
inline constexpr int refused = 1;

/// What descriptor 3 holds, read into `claim`; none if that is too much. Throws UsageError with code 2 if it
/// is no claim.
std::optional<ClaimParts> receive_claim(Claim& claim);

/// What such a program does. Reads the claim, has it checked, forgets it; if it is true, becomes the user
/// (groups, gid, uid, then USER, HOME, SHELL and the working directory) and then the program in the
/// arguments. Returns 1 if it is not; throws UsageError with code 2 if something is missing, Failure if
/// anything fails.
int run_checker(Process& self, const Check& check);

/// For run_program(): every Failure ends it with 111.
Ending checker_ending();

}  // namespace qmail::accounts
