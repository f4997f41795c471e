#include "core/base/home.h"

namespace qmail {

std::string home_path() { return "/var/qmail"; }

}  // namespace qmail
