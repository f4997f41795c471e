// The report as one HTML page that needs nothing else: no script, no file, no font, no network.
#pragma once
#include <string>

#include "core/programs/qmail-report/figures.h"

namespace qmail::report {

std::string page_form(const Figures& figures);

}  // namespace qmail::report
