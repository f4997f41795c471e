// The addresses of this host itself, so that mail to box@[its address] and mail exchangers that are this
// host can be told.
#pragma once
#include <vector>

#include "core/format/ip.h"

namespace qmail::dns {

/// 0.0.0.0 and ::, which always mean this host (RFC 1122 section 3.2.1.3), and the addresses of every
/// interface that is up, IPv4 and IPv6, in the system's order. Throws Failure.
std::vector<Ip> own_addresses();

}  // namespace qmail::dns
