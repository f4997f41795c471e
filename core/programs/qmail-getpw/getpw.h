// The user whose address a local part is, by the system's accounts. qmail-getpw(8).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace qmail {

struct Account {
  std::string name;
  uid_t uid;
  gid_t gid;
  std::string home;
};

/// An account or an owner, or none; then `error` is 0, or why it could not be found out.
template <typename T>
struct Lookup {
  std::optional<T> found = std::nullopt;
  int error = 0;
};

/// What of the system qmail-getpw asks.
class Accounts {
 public:
  virtual ~Accounts() = default;
  /// The account with exactly this name.
  virtual Lookup<Account> find(const std::string& name) const = 0;
  /// Who owns the directory.
  virtual Lookup<uid_t> owner(const std::string& directory) const = 0;
};

class SystemAccounts final : public Accounts {
 public:
  Lookup<Account> find(const std::string& name) const override;
  Lookup<uid_t> owner(const std::string& directory) const override;
};

struct Found {
  int exit_code = 0;        ///< 0, or a users::LocalCode
  std::string fields = {};  ///< user, uid, gid, home, dash and ext, each with a NUL behind it
};

/// The longest beginning of `local` that is an account's name, ends before a '-' or at the end, has fewer
/// than 32 bytes, is not root and owns its home; or else the alias user, with all of `local` as its
/// extension.
Found find_user(const Accounts& accounts, std::string_view local);

}  // namespace qmail
