// Whose account at which relay a message goes out with: control/authsenders, and lines of control/smtproutes
// with a login. README.md.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/smtp/route.h"

namespace qmail::features::smtp_auth_client {

struct Account {
  smtpc::Route relay;
  std::string user;
  std::string password;
  bool in_clear = false;  ///< everybody on the way may see the password
  bool operator==(const Account&) const = default;
};

/// The whole of a line's right side: "relay|user|password", "relay:587|user|password", "relay:25
/// in-clear|user|password"; the password is all that stands behind the second bar. None if it is nothing of
/// that.
std::optional<Account> parse_account(std::string_view text);

/// What a file says about one of its keys. Without an account its line makes no sense.
struct Entry {
  std::string key;  ///< as it stands in the file: never more of a line than that is for a log
  std::optional<Account> account;
};

/// A whole line: everything up to its first colon or bar is the key.
Entry parse_entry(std::string_view line);

class Accounts {
 public:
  /// Of two lines for one sender the later counts.
  static Accounts of_senders(const std::vector<std::string>& lines);
  /// Of lines of smtproutes only those with a login.
  static Accounts of_routes(const std::vector<std::string>& lines);

  bool empty() const { return entries_.empty(); }
  /// That of the address, of its "@host", or of everybody. Null if there is none.
  const Entry* find_sender(std::string_view sender) const;
  /// By the suffix rule of smtproutes, where the best line is one with a login. Null if it is not.
  const Entry* find_host(std::string_view host) const;

 private:
  void add(std::string_view line);
  const Entry* find(std::string_view key) const;

  std::map<std::string, std::optional<Entry>, std::less<>> entries_;  ///< none: a route without a login
};

}  // namespace qmail::features::smtp_auth_client
