// Journals of any bytes: read, refused or reported as damaged.
// fuzzes: qmail_transaction
#include <cstdint>

#include "core/base/failure.h"
#include "installer/transaction/journal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    static_cast<void>(qmail::transaction::Journal::read({reinterpret_cast<const char*>(data), size}));
  } catch (const qmail::Failure&) {
    return 0;  // the documented answer to a damaged line
  }
  return 0;
}
