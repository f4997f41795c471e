#include "core/users/ids.h"

#include <array>

#include "core/base/failure.h"
#include "core/base/text.h"

namespace qmail::users {
namespace {

constexpr std::array<std::pair<std::string_view, Identity Ids::*>, 7> members{{
    {"alias", &Ids::alias},
    {"qmaild", &Ids::qmaild},
    {"qmaill", &Ids::qmaill},
    {"qmailp", &Ids::qmailp},
    {"qmailq", &Ids::qmailq},
    {"qmailr", &Ids::qmailr},
    {"qmails", &Ids::qmails},
}};

constexpr std::size_t longest_file = 65536;

std::optional<Identity> find_user(std::string_view text, std::string_view user) {
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 3 || fields[0] != user) continue;
    const auto uid = parse_number<uid_t>(fields[1]);
    const auto gid = parse_number<gid_t>(fields[2]);
    if (uid && gid) return Identity{*uid, *gid};
  }
  return std::nullopt;
}

}  // namespace

Ids read_ids(const Directory& home) {
  const std::string label = home.path_of("users/ids");
  const auto text = read_all(home.open_file("users/ids").get(), longest_file, label);
  Ids ids;
  for (const auto& [name, member] : members) {
    const auto found = find_user(text.value_or(""), name);
    if (!found)
      throw Failure(Exit::temporary, "unable to find user " + std::string(name) + " in " + label +
                                         ": run qmail-install to write it again");
    ids.*member = *found;
  }
  return ids;
}

}  // namespace qmail::users
