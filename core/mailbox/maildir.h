// Delivery to a maildir: the whole file is on the disk before it gets its name in new/, and the name is
// synced before success is told. maildir(5).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

#include "core/base/clock.h"
#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/ordered.h"
#include "core/mailbox/message.h"

namespace qmail::mailbox {

/// Names that no other delivery on any host uses: TIME.M<usec>P<pid>Q<counter>.HOST, and behind it what
/// end_with() was told.
class UniqueNames {
 public:
  explicit UniqueNames(const Clock& clock);  ///< for this process on this host
  UniqueNames(const Clock& clock, pid_t pid, std::string_view host);
  std::string next();
  void end_with(std::string suffix) { suffix_ = std::move(suffix); }

 private:
  const Clock& clock_;
  pid_t pid_;
  std::string host_;
  std::string suffix_ = {};
  std::uint64_t counter_ = 0;
};

/// What the deliveries of one process have in common.
struct Shared {
  UniqueNames names;
  OrderedSystems ordered = {};
};

/// Where the file is until it is whole: without any name, or under one in tmp/. `unnamed` falls back to
/// `in_tmp` where the system cannot do it.
enum class Unfinished { unnamed, in_tmp };

/// On return the message is in `path`/new and survives power loss, with its name. Throws Failure (temporary)
/// in the words of qmail-local(8); new/ then has nothing of it. A day is the longest it may take: then the
/// process ends with 111.
void deliver_to_maildir(const std::string& path, const Message& message, Shared& shared,
                        Unfinished unfinished = Unfinished::unnamed);

/// The longest a delivery may take.
inline constexpr unsigned longest_delivery_seconds = 86400;
/// What a delivery fails with that has no words of its own.
Failure temporary_error();

/// The steps of a delivery, for somebody who makes several at a time and shares what can be shared: all are
/// written, then all synced, then all named, and new/ is synced once. Each step throws Failure as
/// deliver_to_maildir() does.

/// new/ of a maildir.
struct NewFolder {
  Fd fd;
  bool keeps_order = false;  ///< core/base/sys.h
};
NewFolder open_new(const std::string& path, OrderedSystems& ordered);
/// The names made there are durable on return. False: some may not be.
[[nodiscard]] bool sync_new(const NewFolder& folder);

/// A message that has no name yet. Without one it is gone when this object is.
class UnnamedFile {
 public:
  /// In `folder`, which must outlive it. None if the system has no such files here.
  static std::optional<UnnamedFile> make(const NewFolder& folder);

  void write(const Message& message);
  /// Lets the system begin with what sync() waits for.
  void begin_sync();
  /// From now on a name that survives power loss has the whole message.
  void sync();
  /// Only once it is synced. False: the system cannot give it a name.
  [[nodiscard]] bool give_name(UniqueNames& names);
  /// When the name could not be made durable: so that the next try delivers no second copy.
  void take_name_back();

 private:
  UnnamedFile(const NewFolder& folder, Fd file) : folder_(&folder), file_(std::move(file)) {}
  const NewFolder* folder_;
  Fd file_;
  std::string name_;
};

}  // namespace qmail::mailbox
