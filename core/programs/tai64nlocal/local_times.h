// Lines of multilog and tai64n with their times in a form for people. tai64nlocal(8).
#pragma once

namespace qmail {

/// Copies `in` to `out`; a TAI64N label at the start of a line becomes a local date. What has been read is
/// written before more is waited for. Throws Failure.
void write_local_times(int in, int out);

}  // namespace qmail
