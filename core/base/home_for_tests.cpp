#include <unistd.h>

#include "core/base/environment.h"
#include "core/base/failure.h"
#include "core/base/home.h"

namespace qmail {

std::string home_path() {
  const Environment environment = Environment::from(::environ);
  const auto home = environment.find("QMAIL_TEST_HOME");
  if (!home) throw Failure(Exit::temporary, "unable to find home: QMAIL_TEST_HOME is not set");
  return std::string(*home);
}

std::string etc_path() { return home_path() + "/etc"; }

}  // namespace qmail
