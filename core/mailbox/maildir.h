// Delivery to a maildir: the whole file is written and synced before it gets its name in new/, and the name
// is synced before success is told. maildir(5).
#pragma once
#include <cstdint>
#include <string>
#include <sys/types.h>

#include "core/base/clock.h"
#include "core/mailbox/message.h"

namespace qmail::mailbox {

/// Names that no other delivery on any host uses: TIME.M<usec>P<pid>Q<counter>.HOST.
class UniqueNames {
 public:
  explicit UniqueNames(const Clock& clock);  ///< for this process on this host
  UniqueNames(const Clock& clock, pid_t pid, std::string_view host);
  std::string next();

 private:
  const Clock& clock_;
  pid_t pid_;
  std::string host_;
  std::uint64_t counter_ = 0;
};

/// Where the file is until it is whole: without any name, or under one in tmp/. `unnamed` falls back to
/// `in_tmp` where the system cannot do it.
enum class Unfinished { unnamed, in_tmp };

/// On return the message is in `path`/new and survives power loss, with its name. Throws Failure (temporary)
/// in the words of qmail-local(8); new/ then has nothing of it. A day is the longest it may take: then the
/// process ends with 111.
void deliver_to_maildir(const std::string& path, const Message& message, UniqueNames& names,
                        Unfinished unfinished = Unfinished::unnamed);

}  // namespace qmail::mailbox
