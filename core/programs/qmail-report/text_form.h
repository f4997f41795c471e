// The report for a terminal.
#pragma once
#include <string>

#include "core/programs/qmail-report/figures.h"

namespace qmail::report {

std::string text_form(const Figures& figures);

}  // namespace qmail::report
