// fuzzes: qmail_ucspi_tls
// What the process with the keys is given by its parent.
#include <cstdint>
#include <cstdlib>

#include "ucspi/lib/tls/material.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto material = qmail::ucspi::parse_material({reinterpret_cast<const char*>(data), size});
  if (material && qmail::ucspi::parse_material(qmail::ucspi::encode_material(*material)) != material)
    std::abort();
  return 0;
}
