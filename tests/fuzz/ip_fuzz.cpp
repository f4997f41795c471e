// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/ip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto ip = qmail::Ip::parse(text))
    if (qmail::Ip::parse(ip->text()) != ip) std::abort();
  if (const auto ip = qmail::parse_address_literal(text))
    if (qmail::parse_address_literal(qmail::address_literal(*ip)) != ip) std::abort();
  return 0;
}
