// The users of one store, in memory: a poppasswd(5), or the virtual users of a domain owner, vida(5).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/accounts/checker.h"
#include "core/accounts/mail_user.h"

namespace qmail::user {

class Table {
 public:
  virtual ~Table() = default;
  virtual std::vector<accounts::MailUser> users() const = 0;
  virtual std::optional<accounts::MailUser> find(const std::string& login) const = 0;
  /// Adds him, or changes what is there. Throws Failure if he does not fit into this store.
  virtual void put(const accounts::MailUser& user) = 0;
  /// False if there is no such login.
  virtual bool remove(std::string_view login) = 0;
  /// What the file of the store is to hold.
  virtual std::string bytes() const = 0;
};

/// `text` is the whole file; messages call it `path`. Throws Failure if a line is wrong.
std::unique_ptr<Table> make_poppasswd(std::string text, const std::string& path);
/// `cdb` is empty where there is none yet. Throws Failure if it is damaged.
std::unique_ptr<Table> make_virtual(std::string_view cdb, const std::string& path,
                                    const accounts::Account& owner);

}  // namespace qmail::user
