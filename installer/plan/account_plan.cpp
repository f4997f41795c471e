#include "installer/plan/account_plan.h"

#include <algorithm>
#include <set>

namespace qmail::plan {
namespace {

constexpr unsigned highest_system_id = 999;

/// Takes the highest number that is not taken.
unsigned take_free(std::set<unsigned>& taken) {
  unsigned id = highest_system_id;
  while (!taken.insert(id).second) --id;
  return id;
}

}  // namespace

bool is_needed(const Account& account, const facts::Facts& facts, const dialogue::Answers& answers) {
  return !account.only_with_tls || answers.tls ||
         facts.objects.contains("/var/qmail/control/servercert.pem") ||
         facts.accounts.find_user(account.name) != nullptr;
}

Ids plan_accounts(const facts::Facts& facts, const dialogue::Answers& answers, Planned& planned) {
  Ids ids;
  std::set<unsigned> uids, gids;
  for (const transaction::User& user : facts.accounts.users) {
    uids.insert(user.uid);
    ids.set_user(user.name, user.uid);
  }
  for (const transaction::Group& group : facts.accounts.groups) {
    gids.insert(group.gid);
    ids.set_group(group.name, group.gid);
  }
  for (const char* group : groups) {
    if (facts.accounts.find_group(group) != nullptr) continue;
    ids.set_group(group, take_free(gids));
    planned.plan.steps.push_back(transaction::AddGroup{group, ids.gid_of(group)});
  }
  for (const Account& account : accounts) {
    if (!is_needed(account, facts, answers)) continue;
    if (const transaction::User* user = facts.accounts.find_user(account.name)) {
      if (user->gid != ids.gid_of(account.group))
        planned.error("P52", {dialogue::Text::account_with_other_group, {account.name, account.group}});
      continue;
    }
    ids.set_user(account.name, take_free(uids));
    planned.plan.steps.push_back(
        transaction::AddUser{account.name, account.group, account.home, ids.uid_of(account.name)});
  }
  return ids;
}

}  // namespace qmail::plan
