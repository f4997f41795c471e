// The report of qmail-showctl(8).
#pragma once
#include <string>

#include "core/base/fd.h"

namespace qmail::showctl {

/// What is built in, and the ids of the users. Throws Failure if users/ids cannot be read.
std::string describe_installation(const Directory& home);

/// What each control file says or, if it is absent, its default; then the files that nothing reads.
/// A file that cannot be read is reported as such. Throws Failure if the directory cannot be read.
std::string describe_control(const Directory& control);

}  // namespace qmail::showctl
