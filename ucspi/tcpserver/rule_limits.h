// Limits that rules set for a client, by variables: MAXCONNIP, MAXCONNC and MAXLOAD, as the tcpserver-limits
// patch of 2006 has them. They may stand in the server's own environment too, for everybody.
#pragma once
#include <optional>

#include "core/base/environment.h"
#include "core/format/ip.h"
#include "ucspi/lib/limits.h"

namespace qmail::ucspi {

/// The first limit in `environment` that is exceeded; `counts` has the connection in it that is judged. What
/// is not a number allows nobody. Of the load, LOAD tells what it is.
std::optional<Limit> exceeded_limit(const Environment& environment, const Ip& client,
                                    const ConnectionCounts& counts);

}  // namespace qmail::ucspi
