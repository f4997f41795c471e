#include "core/programs/qmail-authd/report.h"

#include <array>
#include <climits>
#include <unistd.h>

#include "core/accounts/auth_packets.h"
#include "core/base/io.h"

namespace qmail::authd {

int report_user(const Process& self) {
  std::array<char, PATH_MAX> directory;
  if (::getcwd(directory.data(), directory.size()) == nullptr)
    throw Failure::system("find out the working directory");
  const std::string bytes = accounts::encode_user({.identity = {.uid = ::geteuid(), .gid = ::getegid()},
                                                   .directory = directory.data(),
                                                   .environment = self.environment});
  if (bytes.size() > accounts::longest_user)
    throw Failure(Exit::permanent, "the environment has more than " + std::to_string(accounts::longest_user) +
                                       " bytes: too many to be told");
  Writer(self.out).put(bytes).flush_or_throw("report");
  return 0;
}

}  // namespace qmail::authd
