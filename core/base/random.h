// Numbers nobody can guess, from the kernel.
#pragma once
#include <cstdint>

namespace qmail {

/// Throws Failure if the kernel has none to give.
std::uint32_t random_number();

}  // namespace qmail
