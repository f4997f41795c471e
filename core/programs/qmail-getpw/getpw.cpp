#include "core/programs/qmail-getpw/getpw.h"

#include <array>
#include <cerrno>
#include <pwd.h>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "core/users/local_codes.h"

namespace qmail {
namespace {

constexpr std::size_t longest_name = 31;
constexpr char user_break = '-';
constexpr const char* alias_user = "alias";

Found answer(const Account& account, std::string_view dash, std::string_view ext) {
  const std::string uid = std::to_string(account.uid);
  const std::string gid = std::to_string(account.gid);
  std::string fields;
  for (const std::string_view field :
       std::array<std::string_view, 6>{account.name, uid, gid, account.home, dash, ext})
    fields.append(field).push_back('\0');
  return {.fields = fields};
}

Found failure(users::LocalCode code) { return {.exit_code = static_cast<int>(code)}; }

/// A full system must not turn users into strangers. Other errors are how some name services say "no such
/// user".
bool is_shortage(int error) {
  return error == ETXTBSY || error == EINTR || error == EAGAIN || error == EIO || error == ENOMEM ||
         error == EMFILE || error == ENFILE;
}

/// The answer if the account called `name` is in charge; none: try another.
std::optional<Found> ask(const Accounts& accounts, const std::string& name, std::string_view dash,
                         std::string_view ext) {
  const auto [account, error] = accounts.find(name);
  if (!account && is_shortage(error)) return failure(users::LocalCode::system);
  if (!account || account->uid == 0) return std::nullopt;
  const auto [owner, owner_error] = accounts.owner(account->home);
  if (!owner && is_temporary(owner_error)) return failure(users::LocalCode::nfs);
  if (owner != account->uid) return std::nullopt;
  return answer(*account, dash, ext);
}

}  // namespace

Found find_user(const Accounts& accounts, std::string_view local) {
  for (std::size_t size = local.size() + 1; size-- > 0;) {
    const bool is_whole = size == local.size();
    if (size > longest_name || !(is_whole || local[size] == user_break)) continue;
    const std::string_view dash = is_whole ? "" : "-";
    const std::string_view ext = is_whole ? "" : local.substr(size + 1);
    if (const auto found = ask(accounts, lower(local.substr(0, size)), dash, ext)) return *found;
  }
  const auto [alias, error] = accounts.find(alias_user);
  if (alias) return answer(*alias, "-", local);
  return failure(is_shortage(error) ? users::LocalCode::system : users::LocalCode::no_alias);
}

Lookup<Account> SystemAccounts::find(const std::string& name) const {
  errno = 0;
  const passwd* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return {.error = errno};
  return {.found = Account{entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir}};
}

Lookup<uid_t> SystemAccounts::owner(const std::string& directory) const {
  struct stat status {};
  if (::stat(directory.c_str(), &status) < 0) return {.error = errno};
  return {.found = status.st_uid};
}

}  // namespace qmail
