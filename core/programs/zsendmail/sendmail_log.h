// What matchup(1) wrote, in the manner of sendmail's log. zsendmail(1).
#pragma once
#include "core/base/io.h"

namespace qmail {

/// Other lines are copied. Throws Failure.
void print_sendmail_log(int in, Writer& out);

}  // namespace qmail
