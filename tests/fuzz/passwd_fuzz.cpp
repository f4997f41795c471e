// fuzzes: qmail-pw2u.code
#include <cstdint>

#include "core/programs/qmail-pw2u/accounts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static_cast<void>(qmail::pw2u::parse_account({reinterpret_cast<const char*>(bytes), size}));
  return 0;
}
