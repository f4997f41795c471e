// fuzzes: qmail_users
#include <cstdint>

#include "core/users/user_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static_cast<void>(qmail::users::parse_user_record({reinterpret_cast<const char*>(bytes), size}));
  return 0;
}
