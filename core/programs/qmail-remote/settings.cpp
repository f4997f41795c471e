#include "core/programs/qmail-remote/settings.h"

#include "core/base/failure.h"

namespace qmail::remote {

Settings Settings::read(const Control& control) {
  Settings settings;
  const auto name = control.line_or_me("helohost");
  if (!name) throw Failure::system("read " + control.directory().path_of("me"), ENOENT);
  settings.helo_host = *name;
  settings.routes = NoCaseMap::of_pairs(control.lines("smtproutes").value_or(std::vector<std::string>()));
  settings.connect_timeout_seconds = control.timeout("timeoutconnect", 60);
  settings.session_timeout_seconds = control.timeout("timeoutremote", 1200);
  settings.keep_seconds = control.timeout("keepremote", 5);
  return settings;
}

}  // namespace qmail::remote
