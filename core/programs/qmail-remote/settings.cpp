#include "core/programs/qmail-remote/settings.h"

#include <algorithm>

#include "core/base/failure.h"

namespace qmail::remote {
namespace {

/// The longest time poll(2) can wait, about three weeks.
constexpr std::uint64_t longest_timeout = 2'000'000;

int read_timeout(const Control& control, const std::string& name, std::uint64_t otherwise) {
  return static_cast<int>(std::min(control.number(name, otherwise), longest_timeout));
}

}  // namespace

Settings Settings::read(const Control& control) {
  Settings settings;
  const auto name = control.line_or_me("helohost");
  if (!name)
    throw Failure(Exit::temporary, "unable to read " + control.directory().path_of("me") + ": no such file");
  settings.helo_host = *name;
  settings.routes = NoCaseMap::of_pairs(control.lines("smtproutes").value_or(std::vector<std::string>()));
  settings.connect_timeout_seconds = read_timeout(control, "timeoutconnect", 60);
  settings.session_timeout_seconds = read_timeout(control, "timeoutremote", 1200);
  return settings;
}

}  // namespace qmail::remote
