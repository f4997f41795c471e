// The fields and the sender that qmail-inject makes when the author gave none. qmail-header(5).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/format/header_tokens.h"
#include "core/programs/qmail-inject/settings.h"

namespace qmail::inject {

/// From the author as the environment describes him, with a newline. Throws Failure (permanent) if that makes
/// no sense.
std::string from_field(const Settings& settings);
/// All recipients of To and Cc, if one of them is a mailing list of the author's; else empty.
/// `recipients` as they were found, last to first.
std::string mail_followup_to(const Settings& settings, const std::vector<std::string>& recipients);

/// What an address becomes in the envelope. It ends at a NUL: none can stand in an envelope.
std::string envelope_form(const header::Tokens& address);
/// The same for a sender, made ready for VERP if that is wished.
std::string envelope_sender(const header::Tokens& address, const Wishes& wishes);
/// The sender if neither options nor header name one. Throws as from_field().
std::string default_sender(const Settings& settings);

}  // namespace qmail::inject
