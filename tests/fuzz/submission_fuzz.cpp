// fuzzes: qmail_queue
// What a stranger sends to the resident qmail-queue is divided the same way in whatever pieces it comes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/queue/submission.h"

namespace {

std::string scan(std::string_view bytes, std::size_t size) {
  std::string message, envelope;
  qmail::queue::SubmissionScan scan;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
    std::string_view piece = bytes.substr(0, size);
    for (auto run = scan.take(piece); !run.empty(); run = scan.take(piece)) message += run;
    envelope += scan.at_envelope() ? piece : "";
  }
  return message + '\n' + envelope;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size > 0 && scan(bytes, bytes.size()) != scan(bytes, 1)) std::abort();
  if (const auto answer = qmail::queue::parse_answer(bytes))
    if (!qmail::queue::parse_answer(qmail::queue::answer_bytes(*answer))) std::abort();
  return 0;
}
