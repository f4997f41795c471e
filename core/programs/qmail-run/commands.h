// The command lines that qmail-run runs, from the control files.
#pragma once
#include <optional>
#include <string>

#include "core/base/fd.h"
#include "core/base/spawn.h"
#include "core/programs/qmail-run/qmail_run.h"
#include "core/users/ids.h"

namespace qmail {

/// Why the SMTP listener must stay closed, and what to do; none if it may open.
std::optional<std::string> find_refusal(const Directory& home);

/// qmail-start with the default delivery of control/defaultdelivery; its log goes to descriptor `log`.
Command send_command(const Directory& home, int log);
/// tcpserver with qmail-smtpd on every address, as qmaild; its log goes to descriptor `log`.
Command smtpd_command(const Directory& home, const users::Ids& ids, int log);

/// The ports for our own users.
enum class SubmissionPort {
  starttls,  ///< 587
  tls,       ///< 465, which begins with TLS
};
/// The same for one of these; none if control/concurrencysubmission does not open it, or there is no
/// certificate for one that begins with TLS.
std::optional<Command> find_submission_command(SubmissionPort port, const Directory& home,
                                               const users::Ids& ids, int log);
/// A program that serves the others, and takes no arguments; its log goes to descriptor `log`.
Command helper_command(const Directory& home, const std::string& program, int log);
/// What the log in `log` is piped into, as qmaill; `tag` is for the syslog, and the name of its folder.
Command logger_command(const Wanted& wanted, const Directory& home, const users::Ids& ids,
                       const std::string& tag, int log);

}  // namespace qmail
