// The arguments of qmail-smtpd, in the two shapes that the patches gave them:
//
//   qmail-smtpd HOST CHECKER SUBPROGRAM      smtpd-auth 0.31
//   qmail-smtpd CHECKER SUBPROGRAM           qmail-authentication
//
// Whoever gives the second one to the first patch has SUBPROGRAM, mostly true(1), check passwords, and
// everybody may relay. Here nothing is guessed: what is not clear is a problem, and nobody gets in.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/environment.h"

namespace qmail::smtp_auth {

struct CheckerArguments {
  std::vector<std::string> checker = {};  ///< with its arguments, as they stand; empty: there is none
  std::string host = {};                  ///< if it was named
  std::string problem = {};               ///< why the checker cannot be used; empty: it can
};

CheckerArguments parse_checker_arguments(std::span<const std::string> arguments,
                                         const Environment& environment);

/// The checker without a "true" at its end: what is to be run in its place proves more.
std::vector<std::string> without_true(std::vector<std::string> checker);

}  // namespace qmail::smtp_auth
