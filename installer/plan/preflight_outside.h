// What the rest of the world will think of this host. Each check has the id of the installer's specification,
// and none of them stands in the way: what is missing can be published later.
#pragma once
#include "installer/dialogue/answers.h"
#include "installer/facts/surroundings.h"
#include "installer/plan/planned.h"

namespace qmail::plan {

void preflight_outside(const facts::Surroundings& found, const dialogue::Answers& answers, Planned& planned);

/// Digits of the address in the name: what providers call customers, and many receivers refuse.
bool is_generic(const std::string& name, const Ip& ip);

}  // namespace qmail::plan
