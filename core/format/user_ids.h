// The file users/ids: the numeric ids of qmail's users, one line a user: "name:uid:gid". qmail-users(5).
#pragma once
#include <optional>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace qmail {

/// The uid and gid of `user` in the file's `text`; none if it has no line that makes sense.
std::optional<std::pair<uid_t, gid_t>> find_user_ids(std::string_view text, std::string_view user);

}  // namespace qmail
