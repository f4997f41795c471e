// What a .forward file asks for. dot-forward(1).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/control/default_hosts.h"

namespace qmail {

struct ForwardFile {
  struct Action {
    bool is_program;
    std::string text;  ///< a command, or an address with its host
    bool operator==(const Action&) const = default;
  };
  std::vector<Action> actions;  ///< in the order in which they are obeyed
  bool is_direct = false;       ///< it names the user: delivery goes on with the next line of .qmail
};

/// Whom a .forward file belongs to.
struct Owner {
  std::string_view user, host;
};

/// Throws Failure (temporary) on bad syntax and for what is not supported: files and :include:.
ForwardFile parse_forward_file(std::string_view text, const Owner& owner, const DefaultHosts& hosts);

}  // namespace qmail
