#include "core/smtp/server_settings.h"

#include <algorithm>

#include "core/base/failure.h"

namespace qmail::smtpd {
Settings Settings::read(const Control& control) {
  Settings settings;
  auto greeting = control.line_or_me("smtpgreeting");
  if (!greeting) throw Failure::system("read " + control.directory().path_of("me"), ENOENT);
  settings.greeting = std::move(*greeting);
  settings.literal_host = control.line_or_me("localiphost");
  settings.timeout_seconds = std::max(control.timeout("timeoutsmtpd", 1200), 1);
  settings.rcpt_hosts = RcptHosts::find(control);
  settings.bad_senders =
      NoCaseMap::of_lines(control.lines("badmailfrom").value_or(std::vector<std::string>()));
  settings.longest_message = control.number("databytes", 0);
  return settings;
}

Terms Terms::of(std::uint64_t databytes, const Environment& environment) {
  Terms terms{.longest_message = environment.number("DATABYTES", databytes), .relay_suffix = std::nullopt};
  if (const auto suffix = environment.find("RELAYCLIENT")) terms.relay_suffix = std::string(*suffix);
  return terms;
}

}  // namespace qmail::smtpd
