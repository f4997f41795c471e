// Answers files of any bytes: what is accepted holds names only.
// fuzzes: qmail_dialogue
#include <cstdint>

#include "installer/dialogue/answers.h"
#include "installer/facts/host_name.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = qmail::dialogue::parse_answers({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (const auto* given = std::get_if<qmail::dialogue::Given>(&parsed))
    if (!qmail::facts::is_host_name(qmail::dialogue::complete(*given, "a.b").host_name)) __builtin_trap();
  return 0;
}
