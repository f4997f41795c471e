#include "core/programs/qmail-local/dot_qmail_file.h"

#include <limits>
#include <string_view>
#include <sys/stat.h>

#include "core/base/error_text.h"
#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/format/dot_qmail.h"
#include "core/programs/qmail-local/forbidden_modes.h"

namespace qmail::local {
namespace {

Failure cannot_open(const std::string& name, int error) {
  return {Exit::temporary, "Unable to open " + name + ": " + error_text(error) + ". (#4.3.0)"};
}

/// None if there is no such file, or it is not a regular one.
std::optional<DotQmailFile> read_file(const std::string& name) {
  const Fd file(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file) {
    if (is_temporary(errno) || errno == EPERM || errno == EACCES) throw cannot_open(name, errno);
    return std::nullopt;
  }
  struct stat status {};
  if (::fstat(file.get(), &status) < 0) throw cannot_open(name, errno);
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  if ((status.st_mode & forbidden_modes) != 0)
    throw Failure(Exit::temporary, "Uh-oh: .qmail file is writable. (#4.7.0)");
  const auto text = read_all(file.get(), std::numeric_limits<std::size_t>::max(), name);
  return DotQmailFile{.text = text.value_or(""), .is_forward_only = (status.st_mode & S_IXUSR) != 0};
}

bool exists(const std::string& name) {
  struct stat status {};
  if (::stat(name.c_str(), &status) == 0) return true;
  if (is_temporary(errno)) throw cannot_open(name, errno);
  return false;
}

}  // namespace

std::optional<DotQmailFile> find_dot_qmail(const Recipient& recipient) {
  for (const DotQmailName& candidate : dot_qmail_names(recipient.dash, recipient.ext)) {
    auto file = read_file(candidate.name);
    if (!file) continue;
    if (candidate.default_at) file->matched = recipient.ext.substr(*candidate.default_at);
    return file;
  }
  return std::nullopt;
}

std::string new_sender(const Recipient& recipient) {
  // Bounces, and bounces of bounces, stay what they are.
  if (recipient.sender.empty() || recipient.sender == "#@[]") return recipient.sender;
  const std::string list = ".qmail" + recipient.dash + dot_qmail_extension(recipient.ext);
  if (!exists(list + "-owner")) return recipient.sender;
  if (!exists(list + "-owner-default")) return recipient.local + "-owner@" + recipient.domain;
  return recipient.local + "-owner-@" + recipient.domain + "-@[]";
}

}  // namespace qmail::local
