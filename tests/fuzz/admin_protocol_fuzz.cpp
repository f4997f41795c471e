// fuzzes: qmail_queue
// What qmail-qctl and qmail-send take from each other: what is understood is packed to the same bytes.
#include <cstdint>
#include <cstdlib>

#include "core/queue/admin_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto request = qmail::queue::admin::parse_request(bytes))
    if (qmail::queue::admin::packet(*request) != bytes) std::abort();
  if (const auto reply = qmail::queue::admin::parse_reply(bytes))
    if (qmail::queue::admin::packet(*reply) != bytes) std::abort();
  return 0;
}
