#include "core/format/user_ids.h"

#include "core/base/text.h"

namespace qmail {

std::optional<std::pair<uid_t, gid_t>> find_user_ids(std::string_view text, std::string_view user) {
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 3 || fields[0] != user) continue;
    const auto uid = parse_number<uid_t>(fields[1]);
    const auto gid = parse_number<gid_t>(fields[2]);
    if (uid && gid) return std::pair(*uid, *gid);
  }
  return std::nullopt;
}

}  // namespace qmail
