// Users and groups: the lines of passwd(5), group(5) and shadow(5) as text, and who is there.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "installer/transaction/tree.h"

namespace qmail::transaction {

struct User {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
};

struct Group {
  std::string name;
  gid_t gid = 0;
};

struct Accounts {
  std::vector<User> users;
  std::vector<Group> groups;

  const User* find_user(std::string_view name) const;
  const Group* find_group(std::string_view name) const;
};

/// Lines that are no users or groups are left out.
std::vector<User> parse_passwd(std::string_view text);
std::vector<Group> parse_group(std::string_view text);

/// `text` without the lines whose first field is `name`.
std::string without_account(std::string_view text, std::string_view name);
/// The lines of `text` whose first field is `name`, each with its newline.
std::string lines_of_account(std::string_view text, std::string_view name);
/// `text` with `line` (without newline) behind it.
std::string with_account(std::string_view text, std::string_view line);

/// Who is on the machine: of the running one what its name service lists, else /etc/passwd and /etc/group.
/// Throws Failure.
Accounts read_accounts(const Tree& tree);

}  // namespace qmail::transaction
