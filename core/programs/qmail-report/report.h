// The work of qmail-report(8): logs in, one report out in the forms that were asked for.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/program.h"

namespace qmail::report {

struct Request {
  std::optional<std::string> page;  ///< the file that becomes the HTML page
  bool json = false;
  std::vector<std::string> logs;  ///< none: standard input

  /// Throws UsageError.
  static Request parse(const std::vector<std::string>& args);
};

/// Text on standard output, unless the request names another form. Throws Failure.
void report_on(const Request& request, const Process& self);

}  // namespace qmail::report
