// hier.manifest: whatever is accepted names a place below the root.
// fuzzes: qmail_hier
#include <cstdint>
#include <string_view>

#include "installer/hier/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto entries = qmail::hier::parse_manifest({reinterpret_cast<const char*>(data), size});
  if (!entries) return 0;
  for (const auto& entry : *entries)
    if (entry.path().find("/../") != std::string::npos) __builtin_trap();
  return 0;
}
