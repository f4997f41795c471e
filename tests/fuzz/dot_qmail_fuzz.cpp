// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/dot_qmail.h"

/// No instruction reaches beyond its line, and each kind has the text it promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using Kind = qmail::Instruction::Kind;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const qmail::Instruction& instruction : qmail::parse_dot_qmail(text)) {
    if (instruction.text.find('\n') != std::string_view::npos) std::abort();
    if (instruction.text.find('\0') != std::string_view::npos) std::abort();
    const bool is_file = instruction.kind == Kind::maildir || instruction.kind == Kind::mbox;
    if (is_file && instruction.text.find_first_of("./") != 0) std::abort();
  }
  return 0;
}
