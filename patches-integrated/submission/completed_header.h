// What a submission agent owes to a message's header: RFC 6409 section 8. README.md.
#pragma once
#include <cstdint>
#include <string>

#include "core/format/completion.h"
#include "core/smtp/server_hook.h"

namespace qmail::features {

struct HeaderDefaults {
  header::Completion completion;
  std::string id_host;
};

/// Completes the addresses of `fields`, and adds Date and Message-ID if they are missing; `unique` goes into
/// the latter. A field with nothing to complete, or with bad syntax, stays as it is, to the byte.
void complete_header(smtpd::HeaderFields& fields, const HeaderDefaults& defaults, std::int64_t now,
                     std::string_view unique);

}  // namespace qmail::features
