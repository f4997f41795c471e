// Where a recipient's mail goes: local or remote, and under which address. qmail-send(8).
#pragma once
#include <string>
#include <string_view>

#include "core/control/control.h"
#include "core/control/lookup.h"
#include "core/queue/store.h"

namespace qmail::queue {

struct Route {
  Channel channel;
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

// These throw Failure.
Routing read_routing(const Control& control);
NoCaseMap read_locals(const Control& control);
NoCaseMap read_virtualdomains(const Control& control);

}  // namespace qmail::queue
