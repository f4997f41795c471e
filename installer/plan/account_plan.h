// Which users and groups are to be added, and the numbers that all of them have or will have.
#pragma once
#include <map>
#include <string>
#include <sys/types.h>

#include "installer/dialogue/answers.h"
#include "installer/facts/facts.h"
#include "installer/plan/plan_install.h"
#include "installer/plan/planned.h"

namespace qmail::plan {

/// By name; of root too. A name that is not known has a number that nobody has.
class Ids {
 public:
  uid_t uid_of(const std::string& user) const { return find(users_, user); }
  gid_t gid_of(const std::string& group) const { return find(groups_, group); }
  void set_user(const std::string& name, uid_t uid) { users_[name] = uid; }
  void set_group(const std::string& name, gid_t gid) { groups_[name] = gid; }

 private:
  static unsigned find(const std::map<std::string, unsigned>& ids, const std::string& name) {
    const auto found = ids.find(name);
    return found == ids.end() ? ~0U : found->second;
  }
  std::map<std::string, unsigned> users_, groups_;
};

/// False for the user of TLS where nobody asked for TLS and there is no certificate.
bool is_needed(const Account& account, const facts::Facts& facts, const dialogue::Answers& answers);

/// Adds the steps for the missing ones to `planned`. New numbers are the highest free ones below 1000, as
/// useradd -r takes them.
Ids plan_accounts(const facts::Facts& facts, const dialogue::Answers& answers, Planned& planned);

}  // namespace qmail::plan
