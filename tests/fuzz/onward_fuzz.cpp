// fuzzes: qmail_ucspi
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ucspi/lib/onward.h"

/// Whatever a program that was asked says, it is understood as written or not at all, and what becomes a
/// variable can be one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace qmail::ucspi;
  const auto onward = parse_onward({reinterpret_cast<const char*>(bytes), size});
  if (!onward) return 0;
  const bool is_good = std::ranges::all_of(onward->variables, [](const auto& variable) {
    return !variable.first.empty() &&
           variable.first.find_first_of(std::string("=\0", 2)) == std::string::npos &&
           variable.second.find('\0') == std::string::npos;
  });
  if (!is_good || parse_onward(encode_onward(*onward)) != onward) std::abort();
  return 0;
}
