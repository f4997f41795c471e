// The clock all measurements share: Python's time.monotonic() reads the same one.
#pragma once
#include <chrono>

namespace bench {

inline double moment() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace bench
