#include "core/mailbox/maildir_files.h"

#include <algorithm>
#include <sys/stat.h>
#include <tuple>

#include "core/base/sys.h"

namespace qmail::mailbox {
namespace {

constexpr std::int64_t abandoned_after_seconds = 129600;

}  // namespace

void clean_maildir(const Directory& maildir, std::int64_t now) {
  const auto tmp = maildir.find_sub("tmp");
  if (!tmp) return;
  for (const std::string& name : tmp->names()) {
    struct stat status {};
    if (name.front() == '.' || ::fstatat(tmp->get(), name.c_str(), &status, 0) < 0) continue;
    // Nothing depends on it: the next reader tries again.
    if (now > status.st_atime + abandoned_after_seconds)
      static_cast<void>(sys::unlink_at(tmp->get(), name.c_str()));
  }
}

std::vector<MaildirFile> scan_maildir(const Directory& maildir, const std::vector<std::string>& parts,
                                      std::int64_t now) {
  std::vector<MaildirFile> files;
  for (const std::string& part : parts)
    for (const std::string& name : maildir.sub(part).names()) {
      const std::string path = part + "/" + name;
      struct stat status {};
      if (name.front() == '.' || ::fstatat(maildir.get(), path.c_str(), &status, 0) < 0) continue;
      if (status.st_mtime < now)
        files.push_back({path, status.st_mtime, static_cast<std::uint64_t>(status.st_size)});
    }
  std::sort(files.begin(), files.end(), [](const MaildirFile& a, const MaildirFile& b) {
    return std::tie(a.modified, a.name) < std::tie(b.modified, b.name);
  });
  return files;
}

}  // namespace qmail::mailbox
