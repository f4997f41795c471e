// What maildir2mbox does. maildir2mbox(1).
#pragma once
#include "core/base/clock.h"
#include "core/base/environment.h"

namespace qmail {

/// Moves the messages of $MAILDIR to the end of $MAIL, by way of $MAILTMP: they leave the maildir only when
/// the new mbox and its name are durable. Returns 0; throws Failure, and leaves both as they were.
int convert_maildir(const Environment& environment, const Clock& clock, int err);

}  // namespace qmail
