#include "core/programs/qmail-newu/new_users.h"

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "core/users/assign.h"

namespace qmail {
namespace {

/// A cdb made of more could not be addressed.
constexpr std::size_t longest_assign = 0xffffffff;

}  // namespace

void new_users(const Directory& users) {
  const auto text = read_all(users.open_file("assign").get(), longest_assign, users.path_of("assign"));
  const Failure too_large(Exit::temporary, "unable to build " + users.path_of("cdb") + ": over 4 GB");
  if (!text) throw too_large;
  const auto parsed = users::parse_assign(*text);
  if (const auto* error = std::get_if<users::AssignError>(&parsed))
    throw Failure(Exit::temporary, "bad format in users/assign, line " + std::to_string(error->line) + ": " +
                                       std::string(error->reason));
  const auto cdb = users::build_users_cdb(std::get<std::vector<users::Assignment>>(parsed));
  if (!cdb) throw too_large;
  publish(users, "cdb", *cdb, 0644);
}

}  // namespace qmail
