// What qmail-qctl is asked to do: its arguments, understood. qmail-qctl(8).
#pragma once
#include <string>
#include <vector>

#include "core/programs/qmail-qctl/selection.h"

namespace qmail::qctl {

struct Command {
  std::string verb;  ///< "list", "delete" and so on
  Selection selection = {};
  bool all = false;
  bool json = false;
  bool numbers_only = false;  ///< of list
  bool raw = false;           ///< of show
  std::string reason = {};    ///< of bounce
};

/// Throws UsageError, with what is wrong.
Command parse_command(const std::vector<std::string>& args);

}  // namespace qmail::qctl
