// The messages that are in a maildir, and what unfinished deliveries left there. maildir(5).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/fd.h"

namespace qmail::mailbox {

struct MaildirFile {
  std::string name;       ///< below the maildir: "new/..." or "cur/..."
  std::int64_t modified;  ///< seconds since 1970
  std::uint64_t size;     ///< in bytes
};

/// Removes from tmp/ what nobody has touched for 36 hours. What cannot be removed stays.
void clean_maildir(const Directory& maildir, std::int64_t now);

/// The messages in `parts` ("new", "cur") that are older than `now`, oldest first: one that arrives in this
/// very second is left for the next time, so that the order stays right. Throws Failure.
std::vector<MaildirFile> scan_maildir(const Directory& maildir, const std::vector<std::string>& parts,
                                      std::int64_t now);

}  // namespace qmail::mailbox
