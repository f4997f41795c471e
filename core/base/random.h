// Numbers nobody can guess, from the kernel.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace qmail {

/// Throws Failure if the kernel has none to give.
std::uint32_t random_number();
/// The same for so many bytes, 256 at most.
std::string random_bytes(std::size_t count);

}  // namespace qmail
