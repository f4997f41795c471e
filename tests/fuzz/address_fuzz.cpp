// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/address.h"
#include "core/format/header_tokens.h"

namespace {

/// A quoted local part reads as that local part again, whatever bytes it is made of.
void check_local(std::string_view local) {
  const auto tokens = qmail::header::parse_tokens(qmail::quote_local(local));
  if (!tokens || qmail::header::envelope_address(*tokens) != local) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view address(reinterpret_cast<const char*>(bytes), size);
  const qmail::AddressParts parts = qmail::divide(address);
  if (parts.local.size() + parts.host.size() + (parts.has_host ? 1 : 0) != size) std::abort();
  check_local(parts.local);
  const std::string quoted = qmail::quote_address(address);
  if (parts.has_host && !quoted.ends_with("@" + std::string(parts.host))) std::abort();
  return 0;
}
