// The bytes of lock/tcpto: hosts that did not answer qmail-remote's last attempts to connect.
//
// It is a table changed in place, as in every qmail: the first 1024 bytes are 64 records of 16 bytes
//   0-3 IPv4 address   4 timeouts in a row, 0: free   8-11 time of the last one, low byte first
// Behind it, where a stock qmail neither reads nor writes, are up to 64 records of 32 bytes
//   0-15 IPv6 address  16 timeouts in a row           20-23 time of the last one
// which appear with the first IPv6 host that times out.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/ip.h"

namespace qmail::queue {

/// One host in the table.
struct Timeout {
  Ip ip;
  unsigned count = 0;    ///< timeouts in a row
  std::uint32_t at = 0;  ///< when the last one happened
  bool operator==(const Timeout&) const = default;
};

/// Bytes to write at a place in the file.
struct RecordChange {
  std::size_t offset;
  std::string record;
};

inline constexpr std::size_t timeouts_size = 1024;          ///< of a table without IPv6 hosts
inline constexpr std::size_t longest_timeouts_size = 3072;  ///< what lies beyond is ignored

/// `bytes` may be any: only whole records count.
std::vector<Timeout> list_timeouts(std::string_view bytes);
std::optional<Timeout> find_timeout(std::string_view bytes, const Ip& ip);

/// Records that connecting to `ip` timed out; none if that says nothing new, within two minutes of the last
/// time, or if there is no table of its family. A host that is not listed takes a free record, or that of the
/// host that is likeliest to answer again.
std::optional<RecordChange> note_timeout(std::string_view bytes, const Ip& ip, std::int64_t now);
/// Records that `ip` answered, if only to refuse; none if it is not listed.
std::optional<RecordChange> note_answer(std::string_view bytes, const Ip& ip);

}  // namespace qmail::queue
