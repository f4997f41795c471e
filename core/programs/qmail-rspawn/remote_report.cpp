#include "core/programs/qmail-rspawn/remote_report.h"

#include <optional>

#include "core/base/failure.h"
#include "core/base/spawn.h"

namespace qmail {
namespace {

/// Ordered as stock compares them.
enum class Outcome { failure, deferral, success };

std::optional<Outcome> outcome_of(char letter) {
  switch (letter) {
    case 'K': return Outcome::success;
    case 'Z': return Outcome::deferral;
    case 'D': return Outcome::failure;
    default: return std::nullopt;
  }
}

char letter_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::success: return 'K';
    case Outcome::deferral: return 'Z';
    default: return 'D';
  }
}

std::string_view up_to_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

/// The message report: the first of the strings, each ended by NUL, that is one. Without any, a failure.
Outcome message_outcome(std::string_view output) {
  while (true) {
    const std::size_t end = output.find('\0');
    if (end == std::string_view::npos) return Outcome::failure;
    if (const auto found = outcome_of(output.front())) return *found;
    output.remove_prefix(end + 1);
  }
}

/// 's' and 'h' are about the recipient and count for more than the message; 'r' leaves it to the message.
Outcome recipient_outcome(char letter, Outcome message) {
  if (letter == 's') return Outcome::deferral;
  if (letter == 'h') return Outcome::failure;
  return message;
}

}  // namespace

std::string remote_report(int status, std::string_view output) {
  if (crashed(status)) return "Zqmail-remote crashed.\n";
  const int code = exit_code(status);
  if (code != 0) return code == static_cast<int>(Exit::temporary) ? cannot_run_remote_now : cannot_run_remote;
  if (output.empty()) return "Zqmail-remote produced no output.\n";

  const Outcome message = message_outcome(output);
  const Outcome recipient = recipient_outcome(output.front(), message);
  std::string report(1, letter_of(recipient));
  const std::size_t end = output.find('\0', 1);
  if (end == std::string_view::npos) return report;
  report.append(output.substr(1, end - 1));
  const std::string_view rest = output.substr(end + 1);
  if (message <= recipient && !rest.empty() && outcome_of(rest.front()))
    report.append(up_to_nul(rest.substr(1)));
  return report;
}

std::vector<std::string> remote_reports(int status, std::string_view output, std::size_t recipients) {
  if (recipients == 1 || crashed(status) || exit_code(status) != 0 || output.empty())
    return {recipients, remote_report(status, output)};
  std::vector<std::string_view> own;
  std::string_view rest = output;
  while (rest.find('\0') != std::string_view::npos && !outcome_of(rest.front())) {
    own.push_back(up_to_nul(rest));
    rest.remove_prefix(own.back().size() + 1);
  }
  std::vector<std::string> reports;
  for (std::size_t i = 0; i < recipients; ++i) {
    const std::string first = i < own.size() ? std::string(own[i]) + '\0' : std::string();
    reports.push_back(remote_report(status, first + std::string(rest)));
  }
  return reports;
}

}  // namespace qmail
