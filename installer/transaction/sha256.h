// SHA-256 (FIPS 180-4), for telling whether bytes are still the same.
#pragma once
#include <string>
#include <string_view>

namespace qmail::transaction {

/// The digest of `bytes` as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace qmail::transaction
