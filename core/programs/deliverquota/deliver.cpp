#include "core/programs/deliverquota/deliver.h"

#include <array>
#include <signal.h>
#include <sys/stat.h>

#include "core/base/file_stamp.h"
#include "core/base/home.h"
#include "core/base/io.h"
#include "core/base/options.h"
#include "core/base/publish.h"
#include "core/base/signals.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/format/datetime.h"
#include "core/mailbox/maildir.h"
#include "core/mailbox/maildir_quota.h"

namespace qmail {
namespace {

constexpr const char* warned_file = "quotawarn";  // written when a warning is: Courier's name
constexpr std::int64_t warning_interval = 86400;
constexpr std::size_t longest_warning = std::size_t{1} << 20;

struct Wishes {
  bool creates = false;
  std::optional<unsigned> warning_percent;
  std::string warning_file = etc_path() + "/quotawarnmsg";
  std::string maildir;
  std::optional<MaildirQuota> quota;
};

Wishes read_wishes(const std::vector<std::string>& args) {
  Wishes wishes;
  Options options(args, "cw:W:");
  while (const auto option = options.next()) {
    switch (*option) {
      case 'c': wishes.creates = true; break;
      case 'w':
        wishes.warning_percent = parse_number<unsigned>(options.value());
        if (!wishes.warning_percent || *wishes.warning_percent > 100)
          throw UsageError(Exit::permanent, "no percentage: " + options.value());
        break;
      case 'W': wishes.warning_file = options.value(); break;
      default: throw UsageError(Exit::permanent, options.problem());
    }
  }
  const std::vector<std::string> rest = options.rest();
  if (rest.empty() || rest.size() > 2) throw UsageError();
  wishes.maildir = rest.front();
  if (rest.size() == 2) {
    wishes.quota = MaildirQuota::parse(rest.back());
    if (!wishes.quota) throw UsageError(Exit::permanent, "no quota: " + rest.back());
  }
  return wishes;
}

void create_maildir(const std::string& path) {
  for (const char* part : {"", "/tmp", "/new", "/cur"})
    if (sys::mkdir_at(AT_FDCWD, (path + part).c_str(), 0700) < 0 && errno != EEXIST)
      throw Failure::system("make directory " + path + part);
}

/// A message that comes through a pipe, in a file whose name is gone: it is delivered once its size is known.
Fd spool(int in, const std::string& maildir) {
  const std::string name = maildir + "/tmp/deliverquota." + std::to_string(::getpid());
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Fd file(sys::open_at(AT_FDCWD, name.c_str(), flags, 0600));
  if (!file || sys::unlink_at(AT_FDCWD, name.c_str()) < 0) throw Failure::system("create " + name);
  Reader message(in);
  for (std::string_view piece = message.peek(); !piece.empty(); piece = message.peek()) {
    write_all(file.get(), piece, name);
    message.take(piece.size());
  }
  if (message.stopped() == Stop::failed) throw Failure::system("read message", message.error());
  return file;
}

std::int64_t size_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) throw Failure::system("read message");
  return status.st_size;
}

bool is_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// True at most once a day, and never twice for it, whatever is interrupted.
bool may_warn(const Directory& root, std::int64_t now) {
  const auto last = FileStamp::of(root.get(), warned_file);
  if (last && now - last->modified_ns / 1000000000 < warning_interval) return false;
  publish(root, warned_file, "", 0600, "tmp/quotawarn." + std::to_string(::getpid()));
  return true;
}

/// Whoever reads it will look into the maildir; the message itself is delivered already.
void warn(const Directory& root, const Wishes& wishes, mailbox::Shared& shared, const Clock& clock) {
  const auto file = find_regular_file(wishes.warning_file);
  if (!file) throw Failure::system("read " + wishes.warning_file, ENOENT);
  if (size_of(file->get()) > static_cast<std::int64_t>(longest_warning))
    throw Failure::system("read " + wishes.warning_file, EFBIG);
  if (!may_warn(root, clock.now())) return;
  const std::string head =
      "Date: " + rfc5322_date(clock.now()) + "\nMessage-Id: <" + shared.names.next() + "-overquota>\n";
  mailbox::deliver_to_maildir(root.label(), {.fd = file->get(), .head = head}, shared);
}

void warn_if_nearly_full(const Directory& root, const MaildirSize& size, const Wishes& wishes,
                         mailbox::Shared& shared, const Process& self) {
  if (!wishes.warning_percent || !size.quota.is_used_to(*wishes.warning_percent, size.amount)) return;
  try {
    warn(root, wishes, shared, self.clock);
  } catch (const Failure& failure) {  // the message has been delivered, and must not come again for this
    static_cast<void>(Writer(self.err).put("deliverquota: warning: ").put(failure.what()).put("\n").flush());
  }
}

}  // namespace

int deliver_within_quota(const Process& self) {
  signals::ignore(SIGPIPE);
  const Wishes wishes = read_wishes(self.args);
  if (wishes.creates) create_maildir(wishes.maildir);
  const Directory root = mailbox::open_quota_root(wishes.maildir);
  mailbox::QuotaKeeper keeper(root, wishes.quota, self.clock);
  const Fd spooled = is_file(self.in) ? Fd() : spool(self.in, wishes.maildir);
  const int message = spooled ? spooled.get() : self.in;
  const std::int64_t size = size_of(message);
  if (!keeper.has_room_for(size)) return mailbox::refuse_over_quota(self.err);
  mailbox::Shared shared{.names = mailbox::UniqueNames(self.clock)};
  // Before it is there: should this fail, it must not be there twice. What is counted and does not come is
  // found out when it matters.
  keeper.add(size);
  shared.names.end_with(size_mark(size));
  mailbox::deliver_to_maildir(wishes.maildir, {.fd = message}, shared);
  shared.names.end_with("");
  if (keeper.size()) warn_if_nearly_full(root, *keeper.size(), wishes, shared, self);
  return 0;
}

}  // namespace qmail
