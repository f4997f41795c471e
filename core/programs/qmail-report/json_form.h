// The report for programs: one JSON object. Its keys are in qmail-report(8).
#pragma once
#include <string>

#include "core/programs/qmail-report/figures.h"

namespace qmail::report {

std::string json_form(const Figures& figures);

}  // namespace qmail::report
