#include "core/programs/qlist2/qlist2.h"

#include <algorithm>

#include "core/base/options.h"
#include "core/base/spawn.h"
#include "core/base/text.h"

namespace qmail {
namespace {

bool is_list_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 127 && c != '/' && c != '@';
  });
}

/// What stands for it in the names of .qmail files. dot-qmail(5).
std::string file_name_of(std::string_view list) {
  std::string name = lower(list);
  std::replace(name.begin(), name.end(), '.', ':');
  return name;
}

std::vector<std::string> arguments_for(const Process& self) {
  std::vector<std::string> argv{"qlist"};
  Options options(self.args, "i");
  while (const auto option = options.next()) {
    if (*option != 'i') throw UsageError(Exit::permanent, options.problem());
    argv.emplace_back("-i");
  }
  const std::vector<std::string> rest = options.rest();
  if (rest.size() < 2 || rest.size() > 3) throw UsageError();
  if (!is_list_name(rest[0])) throw UsageError(Exit::permanent, "no name of a list: " + rest[0]);
  const std::string_view user = self.environment.require("USER", Exit::permanent);
  // The addresses of alias are those that are nobody else's: its name is not in them.
  const std::string local = user == "alias" ? rest[0] : std::string(user) + "-" + rest[0];
  const std::string at_host = "@" + rest[1];
  const std::string file = file_name_of(rest[0]);
  argv.insert(argv.end(), {local + at_host, local + "-request" + at_host, ".qmail-" + file,
                           ".qmail-" + file + "-request", ".qtemp-" + file, local + "-owner" + at_host});
  if (rest.size() == 3) argv.push_back(rest[2]);
  return argv;
}

}  // namespace

void become_qlist(const Process& self) {
  const std::string program = self.home().path_of("bin/qlist");
  exec({.argv = arguments_for(self), .program = program});
  throw Failure::system("run " + program);
}

}  // namespace qmail
