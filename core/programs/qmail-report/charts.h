// The pictures of the page.
#pragma once
#include <string>

#include "core/programs/qmail-report/figures.h"

namespace qmail::report {

/// Deliveries over time, by how they ended.
std::string volume_chart(const Volume& volume);
/// How many deliveries took how long to succeed.
std::string delays_chart(const Delays& delays);

}  // namespace qmail::report
