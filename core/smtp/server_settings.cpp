#include "core/smtp/server_settings.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/text.h"

namespace qmail::smtpd {
namespace {

std::uint64_t read_limit(const Control& control, const Environment& environment) {
  const std::uint64_t from_file = control.number("databytes", 0);
  auto digits = environment.find("DATABYTES");
  return digits ? take_number<std::uint64_t>(*digits).value_or(0) : from_file;
}

}  // namespace

Settings Settings::read(const Control& control, const Environment& environment) {
  Settings settings;
  auto greeting = control.line_or_me("smtpgreeting");
  if (!greeting) throw Failure::system("read " + control.directory().path_of("me"), ENOENT);
  settings.greeting = std::move(*greeting);
  settings.literal_host = control.line_or_me("localiphost");
  settings.timeout_seconds = std::max(control.timeout("timeoutsmtpd", 1200), 1);
  settings.rcpt_hosts = RcptHosts::find(control);
  settings.bad_senders =
      NoCaseMap::of_lines(control.lines("badmailfrom").value_or(std::vector<std::string>()));
  settings.longest_message = read_limit(control, environment);
  if (const auto suffix = environment.find("RELAYCLIENT")) settings.relay_suffix = std::string(*suffix);
  return settings;
}

}  // namespace qmail::smtpd
