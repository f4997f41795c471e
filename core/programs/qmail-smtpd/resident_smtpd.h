// The resident front end of qmail-smtpd: session after session in one worker. docs/internals/residents.md.
#pragma once
#include <memory>
#include <span>

#include "core/base/resident.h"
#include "core/smtp/server_hook.h"

namespace qmail {

/// Each job is a session as receive_by_smtp() holds it. The control files are read again when they have
/// changed. A worker leaves after control/sessionsperprocess sessions, and after one that was not clean.
std::unique_ptr<resident::Work> make_smtp_work(std::span<smtpd::Configure* const> features);

}  // namespace qmail
