// A file longer than 32 bits can count, of which neither disk nor memory holds more than the end.
#pragma once
#include <cstdint>
#include <string_view>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

#include "core/base/fd.h"

namespace qmail::test {

/// More than four gigabytes of NULs, then `end`.
inline Fd huge_file(std::string_view end) {
  constexpr std::uint64_t beyond_32_bits = (std::uint64_t{1} << 32) + 10;
  Fd file(::memfd_create("huge", MFD_CLOEXEC));
  const auto size = static_cast<ssize_t>(end.size());
  if (::pwrite(file.get(), end.data(), end.size(), static_cast<off_t>(beyond_32_bits)) != size)
    throw std::system_error(errno, std::generic_category(), "pwrite");
  return file;
}

}  // namespace qmail::test
