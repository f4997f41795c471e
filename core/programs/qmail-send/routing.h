// Where a recipient's mail goes, and in whose name. qmail-send(8).
#pragma once
#include <string>
#include <string_view>

#include "core/queue/routing.h"

namespace qmail::send {

using queue::Route;
using queue::Routing;

/// The sender that one recipient's delivery gets: `list-@host-@[]` becomes `list-box=rhost@host` for
/// box@rhost; every other sender stays as it is. addresses(5).
std::string sender_for(std::string_view sender, std::string_view recipient);
/// Where bounces of a message go: `list-@host-@[]` gets them at `list-@host`.
std::string_view bounce_address(std::string_view sender);

}  // namespace qmail::send
