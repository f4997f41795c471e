// fuzzes: qmail_format
// What programs and TLS processes tell each other: any bytes are a request or an answer, or none, and what
// they are is the same when it is sent on.
#include <cstdint>
#include <cstdlib>

#include "core/format/tls_packets.h"

namespace tls = qmail::tls;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view packet(reinterpret_cast<const char*>(data), size);
  if (const auto request = tls::parse_request(packet)) {
    // Of the other role's wishes nothing is sent on.
    const auto again = tls::parse_request(tls::encode_request(*request));
    if (!again || again->role != request->role || again->seconds != request->seconds) std::abort();
    if (request->role == tls::Role::client && again->name != request->name) std::abort();
  }
  if (const auto answer = tls::parse_answer(packet)) {
    const auto again = tls::parse_answer(tls::encode_answer(*answer));
    if (!again || again->kind != answer->kind || again->facts.entries() != answer->facts.entries())
      std::abort();
    for (const std::string_view fact : answer->facts.entries())
      if (!fact.starts_with("SSL_")) std::abort();
  }
  return 0;
}
