// A message in memory, as whoever delivers it gets it: nobody can change it any more.
#pragma once
#include <span>
#include <string_view>

#include "core/base/fd.h"

namespace qmail::queue {

/// A memfd with these bytes and all seals, at its start. None if there is no memory or descriptor for it.
Fd sealed_file(std::span<const std::string_view> pieces);

}  // namespace qmail::queue
