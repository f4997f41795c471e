// fuzzes: qmail_format
#include <cstdint>
#include <cstdlib>

#include "core/format/mbox.h"

/// However a message is cut into pieces, the mbox has the same bytes, and in it no From_ line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(bytes), size);
  std::string whole, pieces;
  qmail::MboxQuoter quoter;
  quoter.put(message, whole);
  quoter.finish(whole);
  for (std::size_t at = 0; at < size; at += 3) quoter.put(message.substr(at, 3), pieces);
  quoter.finish(pieces);
  if (whole != pieces || whole.starts_with("From ") || whole.find("\nFrom ") != std::string::npos)
    std::abort();
  return 0;
}
