// fuzzes: qmail_queue
#include <cstdint>
#include <cstdlib>

#include "core/queue/timeout_records.h"

/// Whatever is in lock/tcpto, a change stays within the table.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view table(reinterpret_cast<const char*>(bytes), size);
  qmail::queue::list_timeouts(table);
  for (const char* text : {"192.0.2.1", "2001:db8::1"}) {
    const qmail::Ip ip = qmail::Ip::parse(text).value();
    for (const auto& change :
         {qmail::queue::note_timeout(table, ip, 1'000'000'000), qmail::queue::note_answer(table, ip)})
      if (change && change->offset + change->record.size() > qmail::queue::longest_timeouts_size)
        std::abort();
  }
  return 0;
}
