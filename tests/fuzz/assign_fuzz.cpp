// fuzzes: qmail_users
#include <cstdint>
#include <cstdlib>

#include "core/users/assign.h"

/// Every local part that a text assigns is found in the cdb made of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace qmail::users;
  const auto parsed = parse_assign({reinterpret_cast<const char*>(bytes), size});
  const auto* assignments = std::get_if<std::vector<Assignment>>(&parsed);
  if (assignments == nullptr) return 0;
  const auto cdb = build_users_cdb(*assignments);
  if (!cdb) std::abort();
  for (const Assignment& assignment : *assignments)
    if (std::holds_alternative<NotAssigned>(find_assigned(*cdb, assignment.name)) && !assignment.is_wildcard)
      std::abort();
  return 0;
}
