#include "core/base/random.h"

#include <sys/random.h>

#include "core/base/failure.h"

namespace qmail {

std::uint32_t random_number() {
  std::uint32_t number = 0;
  ssize_t got = -1;
  do {
    got = ::getrandom(&number, sizeof number, 0);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof number)) throw Failure::system("get random numbers");
  return number;
}

}  // namespace qmail
