// fuzzes: qmail-rspawn.code
// Whatever a program in qmail-remote's place writes, one report without NUL comes of it.
#include <cstdint>
#include <cstdlib>

#include "core/programs/qmail-rspawn/remote_report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string report = qmail::remote_report(0, {reinterpret_cast<const char*>(data), size});
  if (report.empty() || report.find('\0') != std::string::npos) std::abort();
  if (std::string("KZD").find(report.front()) == std::string::npos) std::abort();
  return 0;
}
