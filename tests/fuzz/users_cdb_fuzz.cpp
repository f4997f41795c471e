// fuzzes: qmail_users
#include <cstdint>

#include "core/users/assign.h"

/// The input is a users/cdb, perhaps damaged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view cdb(reinterpret_cast<const char*>(bytes), size);
  for (const std::string_view local : {"", "joe", "JOE-ext", "a-b-c-d", "nobody"})
    static_cast<void>(qmail::users::find_assigned(cdb, local));
  return 0;
}
