#include "core/programs/maildirmake/maildirmake.h"

#include <fcntl.h>

#include "core/base/program.h"
#include "core/base/sys.h"

namespace qmail {

int make_maildir(const std::vector<std::string>& args) {
  if (args.empty()) throw UsageError();
  const std::string& name = args.front();
  for (const std::string& path : {name, name + "/tmp", name + "/new", name + "/cur"})
    if (sys::mkdir_at(AT_FDCWD, path.c_str(), 0700) < 0) throw Failure::system("mkdir " + path);
  return 0;
}

}  // namespace qmail
