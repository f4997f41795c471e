// What must be so before an installation begins. Each check has the id of the installer's specification.
#pragma once
#include "installer/dialogue/answers.h"
#include "installer/facts/facts.h"
#include "installer/plan/planned.h"

namespace qmail::plan {

void preflight(const facts::Facts& facts, const dialogue::Answers& answers, Planned& planned);

}  // namespace qmail::plan
