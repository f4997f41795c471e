// Names of Unix sockets.
#pragma once
#include <string_view>
#include <sys/un.h>

#include "core/base/fd.h"

namespace qmail {

/// Of a socket with this name in `directory`, which must stay open as long as the address is used.
sockaddr_un address_of(const Directory& directory, std::string_view name);

}  // namespace qmail
