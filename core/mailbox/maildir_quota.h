// Whether another message fits into a maildir, as its maildirsize says or, if that cannot be believed, its
// files. maildir(5), deliverquota(1), mailquotacheck(1).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/format/maildir_size.h"

namespace qmail::mailbox {

/// The maildir whose quota counts for the one at `path`: itself, or, for a folder of a Maildir++, the maildir
/// that it is in. Throws Failure.
Directory open_quota_root(const std::string& path);

/// All messages in new/ and cur/ of `maildir` and its folders, but for those in .Trash and those flagged as
/// trashed. Throws Failure.
MaildirAmount measure_maildir(const Directory& maildir);

class QuotaKeeper {
 public:
  /// With the quota that `maildir` has, if `quota` is none. Throws Failure.
  QuotaKeeper(const Directory& maildir, std::optional<MaildirQuota> quota, const Clock& clock);

  /// True if there is no quota, or the message does not exceed it. Never false only because the file lies.
  bool has_room_for(std::int64_t bytes);
  /// The message is there, or will be.
  void add(std::int64_t bytes);
  /// None if there is no quota.
  const std::optional<MaildirSize>& size() const { return size_; }

 private:
  bool read(const std::optional<MaildirQuota>& quota);
  void make_anew(const MaildirQuota& quota);

  const Directory& maildir_;
  const Clock& clock_;
  std::optional<MaildirSize> size_;
  std::int64_t made_ = 0;  ///< when the file was last written
};

/// Says on `err` that there is no room, and gives the exit code that goes with it.
int refuse_over_quota(int err);

}  // namespace qmail::mailbox
