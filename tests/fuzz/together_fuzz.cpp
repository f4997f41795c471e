// fuzzes: qmail_users
// What qmail-lspawn takes from a worker, which belongs to a user, and from the resident qmail-getpw.
#include <cstdint>
#include <cstdlib>

#include "core/users/together.h"
#include "core/users/user_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (const auto outcomes = qmail::users::parse_outcomes(bytes, data[0] % 16))
    if (qmail::users::outcome_bytes(*outcomes) != bytes) std::abort();
  if (const auto answer = qmail::users::parse_user_answer(bytes))
    if (qmail::users::answer_bytes(*answer) != bytes) std::abort();
  return 0;
}
