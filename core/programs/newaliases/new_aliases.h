// A forwarding database from a table as sendmail has it. newaliases(1).
#pragma once
#include <string>

#include "core/control/control.h"

namespace qmail {

/// Reads `aliases`, writes `aliases`.tmp and moves it to `aliases`.cdb. Throws Failure and leaves the old
/// cdb.
void new_aliases(const Control& control, const std::string& aliases);

}  // namespace qmail
