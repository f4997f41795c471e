#include "core/base/random.h"

#include <sys/random.h>

#include "core/base/failure.h"

namespace qmail {
namespace {

void fill(void* bytes, std::size_t count) {
  ssize_t got = -1;
  do {
    got = ::getrandom(bytes, count, 0);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(count)) throw Failure::system("get random numbers");
}

}  // namespace

std::uint32_t random_number() {
  std::uint32_t number = 0;
  fill(&number, sizeof number);
  return number;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  fill(bytes.data(), count);
  return bytes;
}

}  // namespace qmail
