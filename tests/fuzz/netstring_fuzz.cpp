// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/netstring.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  while (const auto body = qmail::take_netstring(rest, 1000))
    if (body->size() > 1000) std::abort();
  return 0;
}
