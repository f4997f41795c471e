// What a proxy says of its client before the client's first byte: the PROXY protocol, versions 1 and 2.
// https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/format/socket_address.h"

namespace qmail::ucspi {

/// Of a header of version 2, whose extensions have no end of their own; version 1 ends after 107.
inline constexpr std::size_t longest_proxy_header = 4096;

struct ProxyHeader {
  /// incomplete: the bytes are the beginning of a header. malformed: nothing that follows makes one of them.
  enum class State { incomplete, malformed, complete };
  struct Ends {
    Endpoint source;
    Endpoint destination;
  };
  State state = State::malformed;
  std::size_t size = 0;                     ///< of a complete one; what follows is the client's
  std::optional<Ends> ends = std::nullopt;  ///< none: the proxy speaks for itself, or does not know
};

/// The header that `bytes` start with. Extensions (TLVs) are passed over.
ProxyHeader parse_proxy_header(std::string_view bytes);

}  // namespace qmail::ucspi
