// Virtual users: people with mail and no account on the system, each in the charge of a domain owner, who is
// a system user and has them in his home. He changes them himself, and they are read as him, so that nothing
// here needs to be trusted by root. vida(5).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/accounts/scram_keys.h"
#include "core/base/environment.h"
#include "core/control/control.h"

namespace qmail::accounts::vida {

/// Below the owner's home.
inline constexpr const char* folder = ".vida";
inline constexpr const char* file = ".vida/users.cdb";
inline constexpr std::size_t most_bytes = 256 << 20;

/// What is kept of a virtual user, under his name in lower case.
struct Record {
  std::string hash = {};                             ///< crypt(5)
  std::string home = {};                             ///< below the owner's home; "." is that home
  std::optional<std::string> secret = std::nullopt;  ///< the password, only where APOP or CRAM-MD5 is wanted
  std::optional<ScramKeys> scram = std::nullopt;     ///< none in what an older qmail-user has written
  bool operator==(const Record&) const = default;
};
using Users = std::map<std::string, Record, std::less<>>;

/// "hash:home", then ":{SCRAM-SHA-256}keys" if there are any, then ":secret" if there is one.
std::optional<Record> parse_record(std::string_view data);
std::string bytes_of(const Record& record);
/// False for what leads out of the owner's home, or could.
bool is_home(std::string_view home);

/// All of a users.cdb; none if it is damaged or another kind of cdb.
std::optional<Users> parse_users(std::string_view cdb);
/// None if it would pass 4 GB.
std::optional<std::string> build_users(const Users& users);

/// How logins are understood: the variables DOMAINOWNER and DOMAINDELIMITERS.
struct Reading {
  std::string owner =
      {};  ///< of every login, as where each address of the machine is one domain; empty: see below
  std::string delimiters = "@%";
  static Reading of(const Environment& environment);
};

/// Who may be in charge of a login, and the name by which he knows it.
struct Place {
  std::string owner;
  std::string name;
  bool operator==(const Place&) const = default;
};

/// The places of a login, the first whose owner is a system user counts. With an owner that `reading` names
/// it is his name up to the last delimiter. Without, control/virtualdomains tells who is in charge of what
/// follows the last delimiter, as it does for mail: for "joe@example.org" with the line
/// "example.org:pop-shop" that is pop-shop, or else pop, who knows joe as "shop-joe". A login without a
/// delimiter, or of a host in control/locals, is a system user's, who is in charge of himself. Empty if there
/// is none.
std::vector<Place> places_of(std::string_view login, const Reading& reading, const Control& control);

}  // namespace qmail::accounts::vida
