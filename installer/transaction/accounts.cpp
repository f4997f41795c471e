#include "installer/transaction/accounts.h"

#include <algorithm>
#include <grp.h>
#include <pwd.h>

#include "core/base/text.h"

namespace qmail::transaction {
namespace {

template <typename Item>
const Item* find_named(const std::vector<Item>& items, std::string_view name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

bool is_of_account(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':';
}

/// The lines of `text`, each with its newline, that are of the account or are not.
std::string select(std::string_view text, std::string_view name, bool wanted) {
  std::string selected;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, end + 1);
    if (is_of_account(line, name) == wanted) selected += line;
    text.remove_prefix(end + 1);
  }
  return selected;
}

Accounts listed_by_the_system() {
  Accounts accounts;
  ::setpwent();
  while (const passwd* entry = ::getpwent())
    accounts.users.push_back({entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir});
  ::endpwent();
  ::setgrent();
  while (const group* entry = ::getgrent()) accounts.groups.push_back({entry->gr_name, entry->gr_gid});
  ::endgrent();
  return accounts;
}

}  // namespace

const User* Accounts::find_user(std::string_view name) const { return find_named(users, name); }
const Group* Accounts::find_group(std::string_view name) const { return find_named(groups, name); }

std::vector<User> parse_passwd(std::string_view text) {
  std::vector<User> users;
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 7 || fields[0].empty()) continue;
    const auto uid = parse_number<uid_t>(fields[2]);
    const auto gid = parse_number<gid_t>(fields[3]);
    if (uid && gid) users.push_back({std::string(fields[0]), *uid, *gid, std::string(fields[5])});
  }
  return users;
}

std::vector<Group> parse_group(std::string_view text) {
  std::vector<Group> groups;
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 4 || fields[0].empty()) continue;
    if (const auto gid = parse_number<gid_t>(fields[2])) groups.push_back({std::string(fields[0]), *gid});
  }
  return groups;
}

std::string without_account(std::string_view text, std::string_view name) {
  return select(text, name, false);
}
std::string lines_of_account(std::string_view text, std::string_view name) {
  return select(text, name, true);
}

std::string with_account(std::string_view text, std::string_view line) {
  std::string extended(text);
  if (!extended.empty() && extended.back() != '\n') extended += '\n';
  return extended.append(line) + "\n";
}

Accounts read_accounts(const Tree& tree) {
  if (tree.is_whole_machine()) return listed_by_the_system();
  return {.users = parse_passwd(tree.read("/etc/passwd").value_or("")),
          .groups = parse_group(tree.read("/etc/group").value_or(""))};
}

}  // namespace qmail::transaction
