// fuzzes: qmail_format
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/format/automatic_mail.h"
#include "core/format/header_addresses.h"
#include "core/format/header_field.h"

using namespace qmail::header;

namespace {

/// What was printed can be read again.
void check_tokens(std::string_view text) {
  const auto tokens = parse_tokens(text);
  if (!tokens) return;
  const auto again = parse_tokens(print_tokens(*tokens));
  if (!again) std::abort();
  rewrite_addresses(*tokens, [](Tokens& address) { envelope_address(address); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  check_tokens(text);
  HeaderSplitter splitter([](const std::string& field) {
    field_of(field);
    qmail::why_no_answer_after(field);
    qmail::why_no_answer_to(field);
    check_tokens(field);
  });
  while (!text.empty()) {
    const std::string line = std::string(text.substr(0, text.find('\n'))) + "\n";
    if (!splitter.take(line)) return 0;
    text.remove_prefix(std::min(line.size(), text.size()));
  }
  splitter.end();
  return 0;
}
