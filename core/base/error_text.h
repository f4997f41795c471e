// What an errno means, in the words every qmail uses: they stand in logs and bounces that scripts read, and
// must not depend on the C library or on a locale.
#pragma once

namespace qmail {

/// "file does not exist" for ENOENT, and so on; "unknown error" for a number without a text.
const char* error_text(int error);

}  // namespace qmail
