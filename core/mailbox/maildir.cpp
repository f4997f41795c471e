#include "core/mailbox/maildir.h"

#include <array>
#include <functional>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/file_writer.h"
#include "core/base/signals.h"
#include "core/base/sys.h"

namespace qmail::mailbox {
namespace {

constexpr int most_names_tried = 3;

std::string host_name() {
  std::array<char, 256> name{};
  // Without a host name, time, process and counter still differ.
  if (::gethostname(name.data(), name.size() - 1) < 0) return "";
  return name.data();
}

/// '/' cannot be in a file name, and ':' begins a maildir's flags.
std::string as_file_name(std::string_view host) {
  std::string result;
  for (const char c : host) {
    if (c == '/')
      result += "\\057";
    else if (c == ':')
      result += "\\072";
    else
      result += c;
  }
  return result;
}

Fd open_directory(int from, const std::string& path) {
  return Fd(::openat(from, path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

void write_file(const Fd& file, const Message& message) {
  FileWriter out(file.get());
  out.put(message.head);
  const auto put = [&](std::string_view piece) { return out.put(piece).error() == 0; };
  if (read_message(message, put) != 0) throw Failure(Exit::temporary, "Unable to read message. (#4.3.0)");
  if (!out.flush()) throw temporary_error();
}

void sync_file(const Fd& file) {
  if (sys::fsync(file.get()) < 0) throw temporary_error();
}

/// Should this fail, the message will be there twice: better than not at all.
void remove_name(const Fd& directory, const std::string& name) {
  if (sys::unlink_at(directory.get(), name.c_str()) == 0) static_cast<void>(sys::fsync(directory.get()));
}

/// The name is in new/: makes it durable, or takes it back so that the next try delivers no second copy.
void publish(const NewFolder& folder, const std::function<void()>& take_back) {
  if (sync_new(folder)) return;
  take_back();
  throw temporary_error();
}

/// False if the system has no nameless files here, or cannot name them later.
bool deliver_without_name(const NewFolder& folder, const Message& message, UniqueNames& names) {
  auto file = UnnamedFile::make(folder);
  if (!file) return false;
  file->write(message);
  file->sync();
  if (!file->give_name(names)) return false;
  publish(folder, [&] { file->take_name_back(); });
  return true;
}

/// A name in tmp/, removed when it is no longer needed. A process that is killed leaves it for the reader of
/// the maildir to remove, after 36 hours: maildir(5).
class TmpName {
 public:
  TmpName(const Fd& directory, std::string name) : directory_(directory), name_(std::move(name)) {}
  ~TmpName() { static_cast<void>(sys::unlink_at(directory_.get(), name_.c_str())); }
  TmpName(const TmpName&) = delete;
  TmpName& operator=(const TmpName&) = delete;

 private:
  const Fd& directory_;
  std::string name_;
};

void deliver_through_tmp(const std::string& path, const NewFolder& folder, const Message& message,
                         UniqueNames& names) {
  const Fd tmp = open_directory(AT_FDCWD, path + "/tmp");
  if (!tmp) throw temporary_error();
  std::string name;
  Fd file;
  for (int tried = 0; !file && tried < most_names_tried; ++tried) {
    name = names.next();
    file = Fd(sys::open_at(tmp.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600));
    if (!file && errno != EEXIST) break;
  }
  if (!file) throw temporary_error();
  const TmpName unfinished(tmp, name);
  write_file(file, message);
  sync_file(file);
  if (sys::link_at(tmp.get(), name.c_str(), folder.fd.get(), name.c_str()) < 0) throw temporary_error();
  publish(folder, [&] { remove_name(folder.fd, name); });
}

}  // namespace

Failure temporary_error() { return {Exit::temporary, "Temporary error on maildir delivery. (#4.3.0)"}; }

UniqueNames::UniqueNames(const Clock& clock) : UniqueNames(clock, ::getpid(), host_name()) {}

UniqueNames::UniqueNames(const Clock& clock, pid_t pid, std::string_view host)
    : clock_(clock), pid_(pid), host_(as_file_name(host)) {}

std::string UniqueNames::next() {
  const Moment moment = clock_.moment();
  return std::to_string(moment.seconds) + ".M" + std::to_string(moment.microseconds) + "P" +
         std::to_string(pid_) + "Q" + std::to_string(++counter_) + "." + host_ + suffix_;
}

void deliver_to_maildir(const std::string& path, const Message& message, Shared& shared,
                        Unfinished unfinished) {
  const signals::TimeLimit limit(longest_delivery_seconds, static_cast<int>(Exit::temporary),
                                 "Timeout on maildir delivery. (#4.3.0)\n");
  const NewFolder folder = open_new(path, shared.ordered);
  if (unfinished == Unfinished::unnamed && deliver_without_name(folder, message, shared.names)) return;
  deliver_through_tmp(path, folder, message, shared.names);
}

NewFolder open_new(const std::string& path, OrderedSystems& ordered) {
  NewFolder folder{.fd = open_directory(AT_FDCWD, path + "/new")};
  if (folder.fd) {
    folder.keeps_order = ordered.have(folder.fd.get());
    return folder;
  }
  if (is_temporary(errno) || open_directory(AT_FDCWD, path)) throw temporary_error();
  if (is_temporary(errno)) throw temporary_error();
  throw Failure(Exit::temporary, "Unable to chdir to maildir. (#4.2.1)");
}

bool sync_new(const NewFolder& folder) { return sys::fsync(folder.fd.get()) == 0; }

std::optional<UnnamedFile> UnnamedFile::make(const NewFolder& folder) {
  Fd file(sys::open_at(folder.fd.get(), ".", O_WRONLY | O_TMPFILE, 0600));
  if (file) return UnnamedFile(folder, std::move(file));
  if (is_temporary(errno)) throw temporary_error();
  return std::nullopt;
}

void UnnamedFile::write(const Message& message) { write_file(file_, message); }

void UnnamedFile::begin_sync() { begin_write_back(file_.get()); }

void UnnamedFile::sync() {
  if (!folder_->keeps_order) return sync_file(file_);
  if (sys::write_back(file_.get()) < 0) throw temporary_error();
}

bool UnnamedFile::give_name(UniqueNames& names) {
  for (int tried = 0; tried < most_names_tried; ++tried) {
    name_ = names.next();
    if (sys::link_fd(file_.get(), folder_->fd.get(), name_.c_str()) == 0) return true;
    if (errno != EEXIST) break;
  }
  if (errno == EEXIST || is_temporary(errno)) throw temporary_error();
  return false;  // no /proc here, or a file system that cannot
}

void UnnamedFile::take_name_back() { remove_name(folder_->fd, name_); }

}  // namespace qmail::mailbox
