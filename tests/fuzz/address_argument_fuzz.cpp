// fuzzes: qmail_smtp
#include <cstdint>
#include <cstdlib>

#include "core/smtp/address_argument.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view argument(reinterpret_cast<const char*>(bytes), size);
  const std::string address = qmail::smtpd::address_in(argument);
  if (address.size() > argument.size()) std::abort();
  const auto always = [](const qmail::Ip&) { return true; };
  const std::string replaced = qmail::smtpd::replace_own_literal(address, "host", always);
  if (replaced != address && !replaced.ends_with("@host")) std::abort();
  return 0;
}
