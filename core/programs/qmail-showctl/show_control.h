// The report of qmail-showctl(8).
#pragma once
#include <span>
#include <string>

#include "core/base/fd.h"
#include "core/programs/qmail-showctl/features.h"

namespace qmail::showctl {

/// What is built in, and the ids of the users. Throws Failure if users/ids cannot be read.
std::string describe_installation(const Directory& home);

/// What each control file says or, if it is absent, its default; then files that stock does not
/// know and, behind everything that stock says, which of `features` have one of their control files here. A
/// file that cannot be read is reported as such. Throws Failure if the directory cannot be read.
std::string describe_control(const Directory& control, std::span<const FeatureText> features);

}  // namespace qmail::showctl
