// users/assign and users/cdb: which user a local part belongs to. qmail-users(5).
// qmail-newu builds the cdb from the text; qmail-lspawn looks recipients up in it.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/users/user_record.h"

namespace qmail::users {

/// One line of users/assign. Views point into the text it was parsed from.
struct Assignment {
  bool is_wildcard = false;                ///< "+name": also for longer local parts that start with `name`
  std::string_view name;                   ///< in the case it was written in
  std::array<std::string_view, 6> fields;  ///< user uid gid home dash ext
};

/// The first line that is wrong, counted from 1, and what is wrong with it.
struct AssignError {
  std::size_t line = 0;
  std::string_view reason;
};

/// Reads lines up to the one that starts with a dot, which must be there.
std::variant<std::vector<Assignment>, AssignError> parse_assign(std::string_view text);

/// The bytes of users/cdb, the same that stock's qmail-newu writes. None if they would pass 4 GB.
std::optional<std::string> build_users_cdb(const std::vector<Assignment>& assignments);

/// Whose a local part is. A damaged cdb must defer the mail: only NotAssigned may go on to qmail-getpw.
struct NotAssigned {};
struct DamagedCdb {};
using AssignedUser = std::variant<NotAssigned, DamagedCdb, UserRecord>;

/// Looks `local` up in the bytes of users/cdb: all of it first, then its beginnings from the longest to the
/// shortest that end in a character some wildcard name ends in, then the empty one. Case is ignored; what
/// follows a wildcard name joins the record's ext as it was written.
AssignedUser find_assigned(std::string_view cdb, std::string_view local);

}  // namespace qmail::users
