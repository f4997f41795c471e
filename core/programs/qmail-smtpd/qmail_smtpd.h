// Receiving messages by SMTP on two descriptors. qmail-smtpd(8).
// The classic front end; resident_smtpd.h is the other one.
// Exit codes: 0 after QUIT; 1 otherwise, as in stock, whatever the reason.
#pragma once
#include <span>

#include "core/base/program.h"
#include "core/control/control.h"
#include "core/smtp/server_hook.h"
#include "core/smtp/server_settings.h"

namespace qmail {

/// What a session needs beside its process.
struct SmtpHouse {
  const Directory& home;
  const Control& control;
  const smtpd::Settings& settings;
  const smtpd::FeatureSettings& features;
};

struct SmtpOutcome {
  int exit_code = 1;
  bool is_clean = false;  ///< nothing happened that another session had better not follow
};

/// Holds one session, with no more than `house` and what is in `self`. The process must ignore SIGPIPE.
SmtpOutcome hold_smtp_session(const Process& self, const SmtpHouse& house);

/// What was left out of the control files, to the log.
void log_complaints(const Process& self, const Control& control);

/// Reads the control files and runs one session. Without control/rcpthosts and without RELAYCLIENT in the
/// environment nobody has said what mail may come in: the client then gets 421, and standard error the name
/// of the file to make.
int receive_by_smtp(const Process& self, std::span<smtpd::Configure* const> features);

/// What cannot go on is told to the client as a 421 reply, the reason to standard error.
Ending refuse_by_smtp();

}  // namespace qmail
