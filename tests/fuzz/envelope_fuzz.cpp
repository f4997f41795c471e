// fuzzes: qmail_queue
// An envelope is judged the same whatever pieces it comes in, and nothing is kept that was not in it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/queue/envelope.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using qmail::queue::EnvelopeScan;
  const std::string_view envelope(reinterpret_cast<const char*>(data), size);
  EnvelopeScan whole;
  const std::string_view kept = whole.take(envelope);
  if (!envelope.starts_with(kept)) std::abort();
  EnvelopeScan pieces;
  for (std::size_t at = 0; at < size && pieces.status() == EnvelopeScan::Status::unfinished; ++at)
    pieces.take(envelope.substr(at, 1));
  if (pieces.status() != whole.status()) std::abort();
  return 0;
}
