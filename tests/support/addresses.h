// Addresses for tests, from their text.
#pragma once
#include <string_view>

#include "core/format/ip.h"

namespace qmail::test {

/// `text` is one.
inline Ip ip(std::string_view text) { return Ip::parse(text).value(); }

}  // namespace qmail::test
