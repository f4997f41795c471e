// Where a recipient's mail goes: local or remote, and under which address. qmail-send(8).
#pragma once
#include <string>
#include <string_view>

#include "core/control/lookup.h"
#include "core/queue/store.h"

namespace qmail::send {

struct Route {
  queue::Channel channel;
  std::string address;  ///< always with a host
};

/// The control files that decide; the names are theirs.
struct Routing {
  NoCaseMap locals, percenthack, virtualdomains;
  std::string envnoathost;

  Route route(std::string_view recipient) const;
  /// A routed address as its sender knew it: without the prefix that virtualdomains put before it.
  std::string_view without_prefix(std::string_view recipient) const;
};

/// The sender that one recipient's delivery gets: `list-@host-@[]` becomes `list-box=rhost@host` for
/// box@rhost; every other sender stays as it is. addresses(5).
std::string sender_for(std::string_view sender, std::string_view recipient);
/// Where bounces of a message go: `list-@host-@[]` gets them at `list-@host`.
std::string_view bounce_address(std::string_view sender);

}  // namespace qmail::send
