// What the control files say, and whether it can be meant.
#pragma once
#include "core/control/control.h"
#include "installer/qmail-check/findings.h"
#include "installer/qmail-check/qmail_check.h"

namespace qmail::check {

/// Names of the host, and the domains that it takes mail for. Throws Failure.
void check_names(const Control& control, Findings& findings);
/// Numbers that are none, routes that lead nowhere, files that nobody reads.
void check_forms(const Control& control, Findings& findings);
/// What features complain about when they read theirs.
void check_features(const Control& control, const Readers& readers, Findings& findings);

}  // namespace qmail::check
