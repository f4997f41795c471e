// The flock under which everybody changes an mbox. mbox(5).
#pragma once
#include <string>

#include "core/base/fd.h"

namespace qmail::mailbox {

struct LockedMbox {
  Fd file;                 ///< for appending; none: it could not be opened
  bool is_locked = false;  ///< false: files cannot be locked here
  int error = 0;           ///< why one of them is not as it should be
};

/// Opens `path`, making it if there is none, and waits for its lock as long as it takes. When maildir2mbox
/// has put another file in its place meanwhile, that one is opened and locked: the old one is read by nobody
/// any more.
LockedMbox open_locked(const std::string& path);

/// Makes the name of an mbox durable, which is new there: 0 or an errno.
int sync_name(const std::string& path);

}  // namespace qmail::mailbox
