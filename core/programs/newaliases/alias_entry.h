// One entry of /etc/aliases: "target: recipient, recipient", with its continuation lines. newaliases(1).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/control/default_hosts.h"

namespace qmail {

struct AliasEntry {
  std::string target;       ///< "user@" for one at any host, "user@host", "@host"
  std::string full_target;  ///< with a host, as a sender needs it
  std::string commands;     ///< core/format/forward_command.h
};

/// None for a comment and for an entry without addresses. Throws Failure, naming line `number`.
std::optional<AliasEntry> parse_alias_entry(std::string_view text, std::size_t number,
                                            const DefaultHosts& hosts);

}  // namespace qmail
