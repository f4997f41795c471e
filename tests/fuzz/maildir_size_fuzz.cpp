// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/maildir_size.h"

/// What is believed is no less than nothing, and its quota can be written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto parsed = qmail::parse_maildir_size(text)) {
    if (parsed->amount.bytes < 0 || parsed->amount.messages < 0) std::abort();
    if (qmail::MaildirQuota::parse(parsed->quota.text()) != parsed->quota) std::abort();
    static_cast<void>(parsed->quota.is_used_to(100, parsed->amount));
  }
  if (qmail::size_in_name(text).value_or(0) < 0) std::abort();
  static_cast<void>(qmail::is_trashed(text));
  return 0;
}
