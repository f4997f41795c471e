// fuzzes: qmail_ucspi
#include <cstdint>

#include "ucspi/lib/ident.h"
#include "ucspi/lib/rules.h"
#include "ucspi/lib/services.h"

/// A rules file of any bytes, and the other texts that come from outside.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  qmail::ucspi::Peer client;
  client.remote_ip = "127.0.0.1";
  client.remote_host = "a.b.c";
  client.remote_info = "joe";
  static_cast<void>(qmail::ucspi::find_rule(qmail::CdbView(text), client));
  client.remote_ip = "2001:db8::1";
  static_cast<void>(qmail::ucspi::find_rule(qmail::CdbView(text), client));
  static_cast<void>(qmail::ucspi::Instructions::parse(text));
  static_cast<void>(qmail::ucspi::parse_ident(text));
  static_cast<void>(qmail::ucspi::find_service(text, "smtp", "tcp"));
  return 0;
}
