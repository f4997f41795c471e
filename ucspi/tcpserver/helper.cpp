#include "ucspi/tcpserver/helper.h"

#include <unistd.h>

#include "core/base/signals.h"

namespace qmail::ucspi {

void become_helper(int kept) {
  constexpr unsigned first = 3;
  signals::restore();
  const auto number = static_cast<unsigned>(kept);
  if (number > first) ::close_range(first, number - 1, 0);
  ::close_range(number + 1, ~0U, 0);
}

}  // namespace qmail::ucspi
