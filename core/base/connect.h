// Connecting to another machine without waiting longer than one wants to.
#pragma once
#include <sys/socket.h>

namespace qmail {

/// Connects the socket `fd`, which must not block (SOCK_NONBLOCK) and does not afterwards either.
/// False with the reason in errno, ETIMEDOUT if `milliseconds` passed.
bool connect_within(int fd, const sockaddr* address, socklen_t size, int milliseconds);

}  // namespace qmail
