#include "core/users/ids.h"

#include <array>
#include <variant>

#include "core/base/failure.h"
#include "core/format/user_ids.h"

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

constexpr const char* ids_name = "users/ids";
constexpr std::size_t longest_file = 65536;

/// All of them, or the name of a user that is left out.
std::variant<Ids, std::string_view> find_users(std::string_view text) {
  Ids ids;
  for (const auto& [name, member] : members) {
    const auto found = find_user_ids(text, name);
    if (!found) return name;
    ids.*member = {found->first, found->second};
  }
  if (const auto found = find_user_ids(text, "qmailt")) ids.qmailt = {found->first, found->second};
  return ids;
}

}  // namespace

Ids read_ids(const Directory& home) {
  const std::string label = home.path_of(ids_name);
  const auto text = read_all(home.open_file(ids_name).get(), longest_file, label);
  const auto found = find_users(text.value_or(""));
  if (const auto* ids = std::get_if<Ids>(&found)) return *ids;
  throw Failure(Exit::temporary, "unable to find user " + std::string(std::get<std::string_view>(found)) +
                                     " in " + label + ": run qmail-install to write it again");
}

std::optional<Ids> try_read_ids(const Directory& home) {
  const Fd file = home.try_file(ids_name);
  const auto text = file ? try_read_all(file.get(), longest_file) : std::nullopt;
  const auto found = find_users(text.value_or(""));
  const auto* ids = std::get_if<Ids>(&found);
  return ids != nullptr ? std::optional(*ids) : std::nullopt;
}

}  // namespace qmail::users
