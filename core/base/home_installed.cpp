#include "core/base/home.h"

namespace qmail {

std::string home_path() { return "/var/qmail"; }

std::string etc_path() { return "/etc"; }

}  // namespace qmail
