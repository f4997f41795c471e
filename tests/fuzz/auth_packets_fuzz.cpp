// fuzzes: qmail_accounts
// What qmail-authd is asked, what it is told by whoever a checker has become, and what it says: any bytes are
// one of these or not, within their limits, and are the same when they are sent on.
#include <cstdint>
#include <cstdlib>

#include "core/accounts/auth_packets.h"

using namespace qmail::accounts;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view packet(reinterpret_cast<const char*>(data), size);
  if (const auto question = parse_question(packet)) {
    const std::string written = encode_question(*question);
    const auto again = parse_question(written);
    if (!again || again->address != question->address || again->claim != question->claim ||
        again->wants_salt != question->wants_salt)
      std::abort();
    if (question->claim.size() > Claim::most_bytes || packet.size() > longest_question) std::abort();
  }
  if (const auto answer = parse_answer(packet)) {
    const auto again = parse_answer(encode_answer(*answer));
    if (!again || again->verdict != answer->verdict || again->user.has_value() != answer->user.has_value() ||
        again->salting != answer->salting)
      std::abort();
    if (answer->user && (again->user->directory != answer->user->directory ||
                         again->user->environment.entries() != answer->user->environment.entries()))
      std::abort();
  }
  return 0;
}
