// Sending one message by SMTP, as a program: arguments and control files in, reports out. qmail-remote(8).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "core/base/program.h"
#include "core/smtp/client_hook.h"

namespace qmail::remote {

/// What it was doing when it could not go on; the text of the report.
using Stage = std::string_view;

/// Sends the message on standard input as the arguments host, sender, recipient... say. Prints reports on
/// standard output, and returns 0 whatever they are. A Failure belongs to the last `stage`.
int send_by_smtp(const Process& self, std::span<const smtpc::Factory> factories, Stage& stage);

/// Every end is told in a report, with exit code 0. `stage` must outlive the program.
Ending report_failures(const Stage& stage);

}  // namespace qmail::remote
