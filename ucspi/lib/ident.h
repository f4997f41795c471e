// Whose connection is this? Asks the client's host by the identification protocol. RFC 1413.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/format/socket_address.h"

namespace qmail::ucspi {

/// The user in an answer, without blanks; none if it is an error or names nobody.
std::optional<std::string> parse_ident(std::string_view answer);

/// Asks the host at `remote` about the connection from there to `local`, `seconds` altogether; none if that
/// gives no user.
std::optional<std::string> ask_ident(const Endpoint& local, const Endpoint& remote, unsigned seconds,
                                     const Clock& clock);

}  // namespace qmail::ucspi
