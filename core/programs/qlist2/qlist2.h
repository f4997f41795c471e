// What qlist2 does. qlist2(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Goes on as qlist. Throws Failure.
[[noreturn]] void become_qlist(const Process& self);

}  // namespace qmail
