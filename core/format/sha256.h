// SHA-256 (FIPS 180-4) and what proves with it that some bytes come from who knows a key: HMAC (RFC 2104).
#pragma once
#include <string>
#include <string_view>

namespace qmail {

/// Of some bytes: 32 bytes.
std::string sha256(std::string_view bytes);
/// Of some bytes under a key: 32 bytes that nobody finds without it.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace qmail
