#include "core/accounts/checker.h"

#include <unistd.h>

#include "core/base/fd.h"
#include "core/base/spawn.h"

namespace qmail::accounts {
namespace {

constexpr auto misused = static_cast<Exit>(2);

void become_user(const Account& account) {
  if (become({.uid = account.uid, .gid = account.gid}) < 0)
    throw Failure::system("become " + account.name + ", uid " + std::to_string(account.uid));
  // As the user, who may see what root does not.
  if (::chdir(account.home.c_str()) < 0)
    throw Failure::system("change to " + account.home + ", the home of " + account.name);
}

[[noreturn]] void run_for(const Account& account, Process& self) {
  self.environment.set("USER", account.name);
  self.environment.set("HOME", account.home);
  self.environment.set("SHELL", account.shell);
  exec({.argv = self.args, .environment = self.environment});
  throw Failure::system("run " + self.args.front() + " as " + account.name);
}

}  // namespace

std::optional<ClaimParts> receive_claim(Claim& claim) {
  // The program that is run next does not get it.
  const Fd in(claim_fd);
  if (!claim.receive(in.get(), "descriptor 3")) return std::nullopt;
  const auto parts = parse_claim(claim.bytes());
  if (!parts) throw UsageError(misused, "descriptor 3 holds no login and password");
  return parts;
}

int run_checker(Process& self, const Check& check) {
  if (self.args.empty()) throw UsageError(misused);
  Claim claim;
  const auto parts = receive_claim(claim);
  if (!parts) return refused;
  const auto account = check(*parts);
  claim.forget();
  if (!account) return refused;
  become_user(*account);
  run_for(*account, self);
}

Ending checker_ending() { return {.failure = static_cast<int>(Exit::temporary)}; }

}  // namespace qmail::accounts
