// fuzzes: qmail_format
// What clients and servers of SCRAM say to each other: any bytes are a message or none, and what was
// understood is understood again when it is said anew.
#include <cstdint>
#include <cstdlib>

#include "core/format/base64.h"
#include "core/format/scram.h"

namespace scram = qmail::scram;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  if (const auto bytes = qmail::parse_base64(message))
    if (qmail::encode_base64(*bytes) != message) std::abort();
  if (qmail::parse_base64(qmail::encode_base64(message)) != message) std::abort();
  if (const auto first = scram::parse_client_first(message)) {
    if (first->gs2_header + first->bare != message) std::abort();
    const auto made = scram::make_client_first(first->user, first->nonce);
    const auto again = scram::parse_client_first(made.gs2_header + made.bare);
    if (!again || again->user != first->user || again->nonce != first->nonce) std::abort();
  }
  if (const auto first = scram::parse_server_first(message))
    if (scram::parse_server_first(scram::encode_server_first(*first)) != first) std::abort();
  if (const auto final = scram::parse_client_final(message))
    if (scram::with_proof(final->without_proof, final->proof) != message) std::abort();
  if (const auto signature = scram::parse_server_final(message))
    if (!message.starts_with(scram::server_final(*signature))) std::abort();
  return 0;
}
