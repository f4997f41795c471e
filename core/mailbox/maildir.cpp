#include "core/mailbox/maildir.h"

#include <array>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/file_writer.h"
#include "core/base/signals.h"
#include "core/base/sys.h"

namespace qmail::mailbox {
namespace {

constexpr unsigned longest_delivery_seconds = 86400;
constexpr int most_names_tried = 3;

Failure temporary_error() { return {Exit::temporary, "Temporary error on maildir delivery. (#4.3.0)"}; }

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

Fd open_maildir(const std::string& path) {
  Fd maildir = open_directory(AT_FDCWD, path);
  if (maildir) return maildir;
  if (is_temporary(errno)) throw temporary_error();
  throw Failure(Exit::temporary, "Unable to chdir to maildir. (#4.2.1)");
}

class Delivery {
 public:
  Delivery(const Fd& maildir, const Message& message, UniqueNames& names)
      : tmp_(open_directory(maildir.get(), "tmp")),
        new_(open_directory(maildir.get(), "new")),
        message_(message),
        names_(names) {
    if (!tmp_ || !new_) throw temporary_error();
  }

  /// False if the system has no nameless files here, or cannot name them later.
  bool without_name();
  void through_tmp();

 private:
  void write(const Fd& file);
  void publish(const std::string& name);

  Fd tmp_, new_;
  const Message& message_;
  UniqueNames& names_;
};

void Delivery::write(const Fd& file) {
  FileWriter out(file.get());
  out.put(message_.head);
  const auto put = [&](std::string_view piece) { return out.put(piece).error() == 0; };
  if (read_message(message_, put) != 0) throw Failure(Exit::temporary, "Unable to read message. (#4.3.0)");
  if (!out.flush() || sys::fsync(file.get()) < 0) throw temporary_error();
}

/// `name` is in new/: makes it durable, or takes it back so that the next try delivers no second copy.
void Delivery::publish(const std::string& name) {
  if (sys::fsync(new_.get()) == 0) return;
  // Should this fail too, the message will be there twice: better than not at all.
  if (sys::unlink_at(new_.get(), name.c_str()) == 0) static_cast<void>(sys::fsync(new_.get()));
  throw temporary_error();
}

bool Delivery::without_name() {
  const Fd file(sys::open_at(new_.get(), ".", O_WRONLY | O_TMPFILE, 0600));
  if (!file && is_temporary(errno)) throw temporary_error();
  if (!file) return false;
  write(file);
  for (int tried = 0; tried < most_names_tried; ++tried) {
    const std::string name = names_.next();
    if (sys::link_fd(file.get(), new_.get(), name.c_str()) == 0) {
      publish(name);
      return true;
    }
    if (errno != EEXIST) break;
  }
  if (errno == EEXIST || is_temporary(errno)) throw temporary_error();
  return false;  // no /proc here, or a file system that cannot
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

void Delivery::through_tmp() {
  std::string name;
  Fd file;
  for (int tried = 0; !file && tried < most_names_tried; ++tried) {
    name = names_.next();
    file = Fd(sys::open_at(tmp_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600));
    if (!file && errno != EEXIST) break;
  }
  if (!file) throw temporary_error();
  const TmpName unfinished(tmp_, name);
  write(file);
  if (sys::link_at(tmp_.get(), name.c_str(), new_.get(), name.c_str()) < 0) throw temporary_error();
  publish(name);
}

}  // namespace

UniqueNames::UniqueNames(const Clock& clock) : UniqueNames(clock, ::getpid(), host_name()) {}

UniqueNames::UniqueNames(const Clock& clock, pid_t pid, std::string_view host)
    : clock_(clock), pid_(pid), host_(as_file_name(host)) {}

std::string UniqueNames::next() {
  const Moment moment = clock_.moment();
  return std::to_string(moment.seconds) + ".M" + std::to_string(moment.microseconds) + "P" +
         std::to_string(pid_) + "Q" + std::to_string(++counter_) + "." + host_;
}

void deliver_to_maildir(const std::string& path, const Message& message, UniqueNames& names,
                        Unfinished unfinished) {
  const signals::TimeLimit limit(longest_delivery_seconds, static_cast<int>(Exit::temporary),
                                 "Timeout on maildir delivery. (#4.3.0)\n");
  Delivery delivery(open_maildir(path), message, names);
  if (unfinished == Unfinished::unnamed && delivery.without_name()) return;
  delivery.through_tmp();
}

}  // namespace qmail::mailbox
