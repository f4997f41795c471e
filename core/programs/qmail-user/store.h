// Where the users are that qmail-user works on: a poppasswd(5), or what a domain owner has in his home,
// vida(5).
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/programs/qmail-user/request.h"
#include "core/programs/qmail-user/table.h"

namespace qmail::user {

class Store {
 public:
  /// For virtual users the process becomes their owner. Throws Failure if it may not, or there is no such
  /// user.
  explicit Store(const Request& request);

  /// As it is now. Throws Failure.
  std::unique_ptr<Table> read() const;
  /// Lets `change` work on what is there, under the lock, and puts the outcome in its place. What it throws
  /// is thrown, and nothing has changed.
  void change(const std::function<void(Table&)>& change) const;

  /// `user`, with what he lacks of a system user and a home. Throws Failure if that cannot be told.
  accounts::MailUser completed(accounts::MailUser user) const;
  /// The login as this store has it.
  std::string name_of(const std::string& login) const;

 private:
  std::unique_ptr<Table> make(std::string bytes) const;

  std::string path_;
  std::optional<accounts::Account> owner_;
};

}  // namespace qmail::user
