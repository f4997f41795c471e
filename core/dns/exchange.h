// One question to one name server and its answer, over UDP and, where that is too small, TCP.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/deadline.h"
#include "core/format/dns_message.h"
#include "core/format/socket_address.h"

namespace qmail::dns {

/// The server's answer; none if it cannot be reached, does not answer in time, or answers with rubbish.
/// Each question has a fresh random id and, from the kernel, a random source port; replies that are not to it
/// are passed over. A server that cannot read EDNS is asked again without it.
std::optional<Message> ask(const Endpoint& server, std::string_view name, Type type,
                           const Deadline& deadline);

}  // namespace qmail::dns
