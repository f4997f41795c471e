// fuzzes: qmail_queue
// What qmail-queue and qmail-send take from each other: what is understood is packed to the same bytes.
#include <cstdint>
#include <cstdlib>

#include "core/queue/link.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto notice = qmail::queue::link::parse_notice(bytes))
    if (qmail::queue::link::packet(*notice) != bytes) std::abort();
  if (const auto order = qmail::queue::link::parse_order(bytes))
    if (qmail::queue::link::packet(*order) != bytes) std::abort();
  return 0;
}
