// fuzzes: qmail_format
#include <cstdint>

#include "core/format/cdb.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const qmail::CdbView view(std::string_view(reinterpret_cast<const char*>(bytes), size));
  static_cast<void>(view.find("one"));
  static_cast<void>(view.find(""));
  int left = 1000;
  view.each([&](std::string_view, std::string_view) { return --left > 0; });
  return 0;
}
