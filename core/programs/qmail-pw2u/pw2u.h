// users/assign from passwd entries and the files in users/. qmail-pw2u(8).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/fd.h"

namespace qmail::pw2u {

/// What the options choose.
struct Choices {
  enum class Homes { any, must_exist, skip_missing };
  Homes homes = Homes::skip_missing;
  std::string_view dash = "-";   ///< "-/" where extensions live in a directory .qmail-
  std::string user_break = "-";  ///< one character, or none: users have no extensions
  bool takes_upper_case = false;
};
/// Throws UsageError.
Choices parse_choices(const std::vector<std::string>& args);

/// Reads passwd entries from `in` and gives the text of users/assign, made from them and from include,
/// exclude, mailnames, subusers and append in users/ below `home`. Throws Failure: without an alias user, for
/// instance.
std::string make_assign(int in, const Directory& home, const Choices& choices);

}  // namespace qmail::pw2u
