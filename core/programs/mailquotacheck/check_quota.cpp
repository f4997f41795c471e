#include "core/programs/mailquotacheck/check_quota.h"

#include <sys/stat.h>

#include "core/base/io.h"
#include "core/mailbox/maildir_quota.h"

namespace qmail {
namespace {

constexpr const char* usual_maildir = "./Maildir";

/// Of a file what is left to read, and of a pipe what comes.
std::int64_t size_of_message(int fd) {
  struct stat status {};
  const off_t at = ::lseek(fd, 0, SEEK_CUR);
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && at >= 0) return status.st_size - at;
  Reader in(fd);
  std::int64_t size = 0;
  for (std::string_view piece = in.peek(); !piece.empty(); piece = in.peek()) {
    size += static_cast<std::int64_t>(piece.size());
    in.take(piece.size());
  }
  if (in.stopped() == Stop::failed) throw Failure::system("read message", in.error());
  return size;
}

}  // namespace

int check_quota(const Process& self) {
  if (self.args.size() > 2) throw UsageError();
  std::optional<MaildirQuota> quota;
  if (self.args.size() == 2) {
    quota = MaildirQuota::parse(self.args[1]);
    if (!quota) throw UsageError(Exit::permanent, "no quota: " + self.args[1]);
  }
  const Directory maildir = mailbox::open_quota_root(self.args.empty() ? usual_maildir : self.args.front());
  mailbox::QuotaKeeper keeper(maildir, quota, self.clock);
  const std::int64_t size = size_of_message(self.in);
  if (!keeper.has_room_for(size)) return mailbox::refuse_over_quota(self.err);
  keeper.add(size);
  return 0;
}

}  // namespace qmail
