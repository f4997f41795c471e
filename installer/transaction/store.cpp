#include "installer/transaction/store.h"

#include <sys/file.h>

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/format/datetime.h"
#include "installer/transaction/files.h"

namespace qmail::transaction {
namespace {

constexpr const char* place = "/var/lib/qmailkit/transactions";
constexpr const char* journal_name = "journal";

std::string folder_path(const std::string& id) { return std::string(place) + "/" + id; }
std::string journal_path(const std::string& id) { return folder_path(id) + "/" + journal_name; }

/// "20261122-194500"
std::string stamp(std::int64_t seconds) {
  const DateTime time = DateTime::from(seconds);
  const auto two = [](int number) { return zero_padded(static_cast<std::uint64_t>(number), 2); };
  return zero_padded(static_cast<std::uint64_t>(time.year), 4) + two(time.month) + two(time.day) + "-" +
         two(time.hour) + two(time.minute) + two(time.second);
}

/// A sink that appends to `file` and syncs each line.
Journal::Sink sink_to(Fd file, const std::string& label) {
  return [shared = std::make_shared<Fd>(std::move(file)), label](std::string_view line) {
    write_all(shared->get(), line, label);
    if (sys::fdatasync(shared->get()) < 0) throw Failure::system("sync " + label);
  };
}

}  // namespace

std::optional<Fd> Store::lock() const {
  make_directories(tree_, place, 0700);
  const std::string path = "/var/lib/qmailkit/lock";
  const Fd parent = tree_.parent(path);
  Fd file(sys::open_at(parent.get(), "lock", O_RDWR | O_CREAT | O_NOFOLLOW, 0600));
  if (!file) throw Failure::system("open " + tree_.outside_name(path));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno == EWOULDBLOCK) return std::nullopt;
  throw Failure::system("lock " + tree_.outside_name(path));
}

std::vector<std::string> Store::ids() const {
  std::vector<std::string> ids = tree_.names(place);
  std::erase_if(ids, [this](const std::string& id) {
    return !Journal::read(tree_.read(journal_path(id)).value_or(""));
  });
  return ids;
}

Journal::Reading Store::find(const std::string& id) const {
  const auto text = tree_.read(journal_path(id));
  auto reading = id.find('/') == std::string::npos && text ? Journal::read(*text) : std::nullopt;
  if (!reading) throw Failure(Exit::permanent, "unable to find transaction " + id);
  return std::move(*reading);
}

Journal Store::read(const std::string& id) const { return find(id).journal; }

Opened Store::begin(const Plan& plan, const Clock& clock) const {
  std::string id = stamp(clock.now());
  for (unsigned i = 2; tree_.find(folder_path(id)); ++i) id = stamp(clock.now()) + "-" + std::to_string(i);
  make_directories(tree_, folder_path(id), 0700);
  Directory folder = tree_.open_directory(folder_path(id));
  Fd file(sys::open_at(folder.get(), journal_name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600));
  if (!file) throw Failure::system("create " + folder.path_of(journal_name));
  if (sys::fsync(folder.get()) < 0) throw Failure::system("sync directory " + folder.label());
  Journal journal(plan, sink_to(std::move(file), folder.path_of(journal_name)));
  return {.id = id, .folder = std::move(folder), .journal = std::move(journal)};
}

Opened Store::open(const std::string& id) const {
  auto [journal, sound_bytes] = find(id);
  Directory folder = tree_.open_directory(folder_path(id));
  Fd file(sys::open_at(folder.get(), journal_name, O_WRONLY | O_APPEND, 0));
  if (!file) throw Failure::system("open " + folder.path_of(journal_name));
  // A torn last line would make the next one unreadable.
  if (sys::ftruncate(file.get(), static_cast<off_t>(sound_bytes)) < 0)
    throw Failure::system("cut " + folder.path_of(journal_name));
  journal.continue_with(sink_to(std::move(file), folder.path_of(journal_name)));
  return {.id = id, .folder = std::move(folder), .journal = std::move(journal)};
}

}  // namespace qmail::transaction
