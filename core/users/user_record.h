// What delivering to a local recipient needs to know of its user. qmail-users(5), qmail-getpw(8).
// The fields come from users/cdb or from qmail-getpw; qmail-lspawn hands them to qmail-local.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace qmail::users {

struct UserRecord {
  std::string user = {};
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home = {};
  std::string dash = {};
  std::string ext = {};
  bool operator==(const UserRecord&) const = default;
};

/// Reads six fields, each ended by NUL: what qmail-getpw writes. A number is the digits its field starts
/// with, 0 without any, as stock reads it; whoever delivers refuses user 0. Bytes after the sixth field are
/// ignored. None if a field is missing or a number does not fit.
std::optional<UserRecord> parse_user_record(std::string_view fields);

}  // namespace qmail::users
