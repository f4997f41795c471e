// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/pattern_list.h"

// An expression, a newline, a text. Whatever they are, a list of that one must agree with it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  const std::size_t newline = all.find('\n');
  const std::string_view text = newline == std::string_view::npos ? "" : all.substr(newline + 1);
  auto parsed = qmail::Pattern::parse(all.substr(0, newline));
  auto* pattern = std::get_if<qmail::Pattern>(&parsed);
  if (!pattern) return 0;
  const bool matches = pattern->matches(text.substr(0, 1000));
  const qmail::PatternList list({std::move(*pattern)});
  if (list.find(text.substr(0, 1000)).has_value() != matches) std::abort();
  return 0;
}
