#include "core/mailbox/maildir_quota.h"

#include <array>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/file_stamp.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/base/sys.h"

namespace qmail::mailbox {
namespace {

constexpr const char* size_file = "maildirsize";
constexpr const char* folder_mark = "maildirfolder";
constexpr std::string_view trash_folder = ".Trash";
constexpr std::array<const char*, 2> counted_parts{"new", "cur"};
constexpr int over_quota = 77;  // EX_NOPERM of sysexits.h, as Courier's
constexpr std::int64_t believed_seconds = 15 * 60;

void measure_folder(const Directory& folder, MaildirAmount& amount) {
  for (const char* part : counted_parts) {
    const auto files = folder.find_sub(part);
    if (!files) continue;
    for (const std::string& name : files->names()) {
      if (name.starts_with('.') || is_trashed(name)) continue;
      struct stat status {};
      const auto told = size_in_name(name);
      // One that a reader has just moved or removed counts for nothing here.
      if (!told && ::fstatat(files->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) < 0) continue;
      amount.bytes += told.value_or(status.st_size);
      ++amount.messages;
    }
  }
}

bool has_file(const Directory& folder, const char* name) {
  return ::faccessat(folder.get(), name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

}  // namespace

Directory open_quota_root(const std::string& path) {
  Directory folder = Directory::open(path);
  return has_file(folder, folder_mark) ? folder.sub("..") : std::move(folder);
}

MaildirAmount measure_maildir(const Directory& maildir) {
  MaildirAmount amount;
  measure_folder(maildir, amount);
  for (const std::string& name : maildir.names()) {
    if (!name.starts_with('.') || name == trash_folder) continue;
    if (const auto folder = maildir.try_sub(name)) measure_folder(*folder, amount);
  }
  return amount;
}

QuotaKeeper::QuotaKeeper(const Directory& maildir, std::optional<MaildirQuota> quota, const Clock& clock)
    : maildir_(maildir), clock_(clock) {
  if (!read(quota) && quota) make_anew(*quota);
}

/// False if there is no file that could be believed, or one with another quota.
bool QuotaKeeper::read(const std::optional<MaildirQuota>& quota) {
  const Fd file(::openat(maildir_.get(), size_file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return false;
  const auto text = file ? try_read_all(file.get(), longest_maildir_size) : std::nullopt;
  if (!text && errno != EFBIG) throw Failure::system("read " + maildir_.path_of(size_file));
  if (const auto stamp = FileStamp::of(file.get())) made_ = stamp->modified_ns / 1000000000;
  if (text) size_ = parse_maildir_size(*text);
  if (size_) return !quota || size_->quota == *quota;
  if (quota) return false;
  // Whatever else is wrong with it: the limit may still be there to be read.
  const std::string head = text.value_or("").substr(0, text.value_or("").find('\n'));
  if (const auto kept = MaildirQuota::parse(head)) make_anew(*kept);
  return size_.has_value();
}

void QuotaKeeper::make_anew(const MaildirQuota& quota) {
  size_ = {.quota = quota, .amount = measure_maildir(maildir_), .line_count = 1};
  made_ = clock_.now();
  const std::string tmp = "tmp/maildirsize." + std::to_string(::getpid());
  publish(maildir_, size_file, quota.text() + "\n" + maildir_size_line(size_->amount), 0644, tmp);
}

bool QuotaKeeper::has_room_for(std::int64_t bytes) {
  if (!size_) return true;
  const auto fits = [&] {
    return !size_->quota.is_exceeded_by({size_->amount.bytes + bytes, size_->amount.messages + 1});
  };
  if (fits()) return true;
  // Messages may have gone since it was made.
  if (size_->line_count == 1 && clock_.now() - made_ < believed_seconds && clock_.now() >= made_)
    return false;
  make_anew(size_->quota);
  return fits();
}

void QuotaKeeper::add(std::int64_t bytes) {
  if (!size_) return;
  constexpr int flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const Fd file(sys::open_at(maildir_.get(), size_file, flags, 0));
  const std::string line = maildir_size_line({bytes, 1});
  // In one piece, for others append too. It is only a reckoning: should this be lost, it is made anew some
  // day.
  if (!file || sys::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw Failure::system("write " + maildir_.path_of(size_file));
  size_->amount.bytes += bytes;
  ++size_->amount.messages;
  ++size_->line_count;
}

int refuse_over_quota(int err) {
  // The exit code bounces the message, read or not.
  static_cast<void>(Writer(err).put("Sorry, the mailbox is full. (#5.2.2)\n").flush());
  return over_quota;
}

}  // namespace qmail::mailbox
