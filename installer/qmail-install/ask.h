// The questions to a person at a terminal.
#pragma once
#include "installer/dialogue/answers.h"
#include "installer/qmail-install/report.h"

namespace qmail::installer {

/// Asks for host name and domains, with what is in `defaults` as defaults.
dialogue::Answers ask_answers(Report& report, const Console& console, const dialogue::Answers& defaults);

/// True for an answer that begins with y.
bool ask_whether(Report& report, const Console& console, const dialogue::Message& question);

}  // namespace qmail::installer
