#include "core/programs/qmail-remote/report.h"

#include <algorithm>

#include "core/base/error_text.h"
#include "core/base/text.h"
#include "core/log/answer.h"

namespace qmail::remote {
namespace {

/// `text` with a question mark for every byte that is not printable ASCII.
std::string printable(std::string_view text) {
  std::string safe(text);
  std::replace_if(
      safe.begin(), safe.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
  return safe;
}

}  // namespace

std::string shortened(std::string reports, std::size_t limit) {
  if (reports.size() <= limit) return reports;
  const auto count = static_cast<std::size_t>(std::count(reports.begin(), reports.end(), '\0'));
  const std::size_t each = limit / count - 1;
  std::string cut;
  for (std::string_view rest = reports; !rest.empty();) {
    const std::string_view report = rest.substr(0, rest.find('\0'));
    cut.append(report.substr(0, each)) += '\0';
    rest.remove_prefix(report.size() + 1);
  }
  return cut;
}

std::string no_such_host(std::string_view host) {
  return "DSorry, I couldn't find any host named " + printable(host) + ". (#5.1.2)\n";
}

std::string bad_route(std::string_view route) {
  return "ZUnable to make sense of the route " + printable(route) + " in control/smtproutes. (#4.3.5)\n";
}

std::string bad_source(std::string_view address, int error) {
  return "ZUnable to connect from the address " + std::string(address) + ": " + error_text(error) +
         ". (#4.3.5)\n";
}

std::string connection_died(const std::string& partner, bool critical) {
  return "ZConnected to " + partner + " but connection died. " + (critical ? "Possible duplicate! " : "") +
         "(#4.4.2)\n";
}

std::string server_report(std::string_view opening, const std::string& partner, std::string_view rest) {
  return std::string(opening) + partner + std::string(rest) + ".\n";
}

std::string server_report(std::string_view opening, const std::string& partner, std::string_view rest,
                          const smtpc::ServerReply& reply) {
  std::string report = server_report(opening, partner, rest);
  if (reply.text.empty()) return report;
  std::string said = reply.text;
  // A report ends at its first NUL.
  std::replace(said.begin(), said.end(), '\0', '?');
  return report + "Remote host said: " + said;
}

std::string as_output(std::string_view report) {
  std::string output(report);
  output.push_back('\0');
  return output;
}

std::string connection_note(std::string_view text) {
  return std::string(log::before_connection) + qmail::printable(std::string(text), '?') + "\n";
}

}  // namespace qmail::remote
