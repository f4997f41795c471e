// fuzzes: qmail_base
// What a master and a worker tell each other: any bytes are a job or an end, or none.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/base/resident_packets.h"

namespace resident = qmail::resident;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string packet(reinterpret_cast<const char*>(data), size);
  if (const auto end = resident::parse_end(packet))
    if (resident::parse_end(resident::encode_end(*end))->status != end->status) std::abort();
  const std::string before = packet;
  const auto job = resident::parse_job(packet);
  if (!job) return 0;
  const std::vector<std::string> args(job->args.begin(), job->args.end() - 1);
  const auto environment = qmail::Environment::from(job->environment.data());
  // Variables without '=' are dropped on the way; otherwise the same job makes the same packet.
  const bool is_whole = environment.entries().size() + 1 == job->environment.size();
  if (is_whole && resident::encode_job({.args = args, .environment = environment, .fds = {}}) != before)
    std::abort();
  return 0;
}
