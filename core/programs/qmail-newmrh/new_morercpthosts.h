// control/morercpthosts.cdb from control/morercpthosts. qmail-newmrh(8).
#pragma once
#include "core/base/fd.h"

namespace qmail {

/// Reads morercpthosts in `control` and replaces morercpthosts.cdb there, byte for byte as stock does.
/// Throws Failure and leaves the old cdb.
void new_morercpthosts(const Directory& control);

}  // namespace qmail
