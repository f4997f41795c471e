// CRC-32C (Castagnoli), the checksum of iSCSI and ext4: finds every damage of up to 32 bits in a row.
#pragma once
#include <cstdint>
#include <string_view>

namespace qmail {

/// Of some bytes, `before` being that of what stands before them; 0 for nothing.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace qmail
