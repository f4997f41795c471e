// fuzzes: tcpclient.code
#include <cstdint>
#include <cstdlib>

#include "ucspi/tcpclient/client_options.h"

/// What is understood is understood again when it is written down.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto parsed = qmail::ucspi::parse_patience({reinterpret_cast<const char*>(bytes), size});
  if (!parsed) return 0;
  const std::string text = std::to_string(parsed->first) + "+" + std::to_string(parsed->second);
  if (qmail::ucspi::parse_patience(text) != parsed) std::abort();
  return 0;
}
