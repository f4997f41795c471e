#include "core/queue/timeout_table.h"

#include <sys/file.h>

#include "core/base/sys.h"
#include "core/queue/layout.h"

namespace qmail::queue {
namespace {

constexpr unsigned timeouts_to_avoid = 2;

/// The table from its beginning; none if it cannot be read.
std::optional<std::string> read_table(int fd) {
  std::string bytes(longest_timeouts_size, '\0');
  const ssize_t got = ::read(fd, bytes.data(), bytes.size());
  if (got < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

/// From the home, so that whoever may not enter the queue learns it only when the table is opened.
std::string table_name() { return std::string(queue_folder).append("/").append(tcpto_name); }

Failure failure(const Directory& home, const std::string& verb) {
  return Failure::system(verb + " " + home.path_of(table_name()));
}

}  // namespace

HostStanding TimeoutTable::standing(const Ip& ip, std::int64_t now, unsigned process) const {
  const Fd file = home_.try_file(table_name());
  if (!file || ::flock(file.get(), LOCK_SH) < 0) return HostStanding::unlisted;
  const auto bytes = read_table(file.get());
  const auto found = bytes ? find_timeout(*bytes, ip) : std::nullopt;
  if (!found) return HostStanding::unlisted;
  const std::int64_t patience = std::int64_t{60 + (process & 31)} << 6;
  const bool recent = now - std::int64_t{found->at} < patience;
  return recent && found->count >= timeouts_to_avoid ? HostStanding::avoid : HostStanding::listed;
}

template <typename Note>
void TimeoutTable::change(Note note) {
  const Fd file(sys::open_at(home_.get(), table_name().c_str(), O_RDWR | O_CLOEXEC, 0));
  if (!file || ::flock(file.get(), LOCK_EX) < 0) return;
  const auto bytes = read_table(file.get());
  const auto wanted = bytes ? note(*bytes) : std::nullopt;
  if (!wanted || ::lseek(file.get(), static_cast<off_t>(wanted->offset), SEEK_SET) < 0) return;
  // A record that is lost costs one more wait for that host.
  static_cast<void>(sys::write(file.get(), wanted->record.data(), wanted->record.size()));
}

void TimeoutTable::timed_out(const Ip& ip, std::int64_t now) {
  change([&](const std::string& bytes) { return note_timeout(bytes, ip, now); });
}

void TimeoutTable::answered(const Ip& ip) {
  change([&](const std::string& bytes) { return note_answer(bytes, ip); });
}

std::vector<Timeout> TimeoutTable::list() const {
  const Fd file = home_.try_file(table_name());
  if (!file) throw failure(home_, "open");
  if (::flock(file.get(), LOCK_SH) < 0) throw failure(home_, "lock");
  const auto bytes = read_table(file.get());
  if (!bytes) throw failure(home_, "read");
  return list_timeouts(*bytes);
}

std::optional<Failure> TimeoutTable::clear() {
  const Fd file(sys::open_at(home_.get(), table_name().c_str(), O_WRONLY | O_CLOEXEC, 0));
  if (!file) return failure(home_, "write");
  if (::flock(file.get(), LOCK_EX) < 0) return failure(home_, "lock");
  const std::string zeros(timeouts_size, '\0');
  const ssize_t written = sys::write(file.get(), zeros.data(), zeros.size());
  const bool cleared = written == static_cast<ssize_t>(zeros.size());
  if (!cleared || sys::ftruncate(file.get(), static_cast<off_t>(zeros.size())) < 0)
    return failure(home_, "clear");
  return std::nullopt;
}

}  // namespace qmail::queue
