#include "core/programs/qlist/settings.h"

#include "core/base/options.h"
#include "core/base/program.h"

namespace qmail::qlist {

Settings read_settings(const std::vector<std::string>& args) {
  Settings settings;
  Options options(args, "i");
  while (const auto option = options.next()) {
    if (*option != 'i') throw UsageError(Exit::permanent, options.problem());
    settings.is_immediate = true;
  }
  const std::vector<std::string> rest = options.rest();
  if (rest.size() < 6 || rest.size() > 7) throw UsageError();
  settings.list = rest[0];
  settings.request = rest[1];
  settings.list_file = rest[2];
  settings.request_file = rest[3];
  settings.temporary_file = rest[4];
  settings.owner = rest[5];
  if (rest.size() == 7) settings.more = rest[6];
  return settings;
}

}  // namespace qmail::qlist
