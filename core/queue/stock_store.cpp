#include "core/queue/stock_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/sys.h"

namespace qmail::queue {
namespace {

/// Far beyond any sender.
constexpr std::size_t longest_info = 65536;

class StockList final : public RecipientList {
 public:
  explicit StockList(Fd file) : file_(std::move(file)), reader_(file_.get()) {}

  ListItem next() override {
    const std::uint64_t position = position_;
    const bool complete = reader_.line(record_, static_cast<std::size_t>(-1), '\0');
    // A record cut short is none: its file was never made durable, so its todo is still there.
    if (!complete)
      return {.kind = reader_.stopped() == Stop::end ? ListItem::Kind::end : ListItem::Kind::unreadable};
    position_ += record_.size() + 1;
    if (record_.starts_with('D')) return {.kind = ListItem::Kind::done, .position = position};
    if (!record_.starts_with('T')) return {.kind = ListItem::Kind::unknown};
    return {.kind = ListItem::Kind::to_do, .position = position, .recipient = record_.substr(1)};
  }

 private:
  Fd file_;
  Reader reader_;
  std::string record_;
  std::uint64_t position_ = 0;
};

using Found = std::optional<struct stat>;

/// None if there is no such file.
std::variant<Found, Trouble> look_at(const Layout& layout, Part part, Number number) {
  struct stat found {};
  const std::string name = name_of(part, number);
  if (::fstatat(layout.fd(), name.c_str(), &found, 0) == 0) return Found(found);
  if (errno == ENOENT) return Found();
  return Trouble{"unable to stat", name};
}

std::optional<std::int64_t> time_of(const Found& found) {
  return found ? std::optional<std::int64_t>(found->st_mtime) : std::nullopt;
}

}  // namespace

std::string_view name_of(Channel channel) { return folder_of(part_of(channel)); }
Part part_of(Channel channel) { return channel == Channel::local ? Part::local : Part::remote; }

std::variant<Standing, Trouble> StockStore::standing(Number number) const {
  Standing standing;
  const std::array parts{Part::info, Part::todo, Part::local, Part::remote};
  std::array<Found, parts.size()> files;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    auto found = look_at(layout_, parts[at], number);
    if (auto* trouble = std::get_if<Trouble>(&found)) return std::move(*trouble);
    files[at] = std::get<Found>(found);
  }
  // With todo still there, the other files may be unfinished.
  standing.preprocessed = files[0] && !files[1];
  standing.held = files[0] && is_held(files[0]->st_mode);
  standing.due = {time_of(files[2]), time_of(files[3])};
  return standing;
}

std::optional<Info> StockStore::info(Number number) const {
  const Fd file = open_to_read(Part::info, number);
  struct stat found {};
  if (!file || ::fstat(file.get(), &found) < 0) return std::nullopt;
  Reader reader(file.get());
  std::string record;
  if (!reader.line(record, longest_info, '\0') || !record.starts_with('F')) return std::nullopt;
  return Info{.sender = record.substr(1),
              .birth = found.st_mtime,
              .held = is_held(found.st_mode),
              .birth_part = found.st_mtim.tv_nsec};
}

std::unique_ptr<RecipientList> StockStore::recipients(Number number, Channel channel) const {
  Fd file = open_to_read(part_of(channel), number);
  if (!file) return nullptr;
  return std::make_unique<StockList>(std::move(file));
}

std::string StockStore::list_name(Number number, Channel channel) const {
  return name_of(part_of(channel), number);
}

bool StockStore::mark_done(Number number, Channel channel, std::uint64_t position) {
  const Fd file(sys::open_at(layout_.fd(), list_name(number, channel).c_str(), O_WRONLY | O_NONBLOCK, 0));
  if (!file || ::lseek(file.get(), static_cast<off_t>(position), SEEK_SET) < 0) return false;
  return sys::write(file.get(), "D", 1) == 1;
}

std::optional<Trouble> StockStore::remove_list(Number number, Channel channel) {
  return names_.remove(part_of(channel), number);
}

bool StockStore::set_due(Number number, Channel channel, std::int64_t when) {
  const Fd file(sys::open_at(layout_.fd(), list_name(number, channel).c_str(), O_WRONLY | O_NONBLOCK, 0));
  return file && sys::futimens(file.get(), {timespec{when, 0}, timespec{when, 0}}) == 0;
}

bool StockStore::sync_list(Number number, Channel channel) {
  const Fd file = open_to_read(part_of(channel), number);
  return file && sys::fsync(file.get()) == 0;
}

std::string StockStore::bounce_name(Number number) const { return name_of(Part::bounce, number); }

bool StockStore::append_bounce(Number number, std::string_view& note) {
  const Fd file = names_.open(Part::bounce, number, O_WRONLY | O_APPEND | O_CREAT, file_mode);
  if (!file) return false;
  while (!note.empty()) {
    const ssize_t written = sys::write(file.get(), note.data(), note.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    note.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool StockStore::sync_bounces(std::span<const Number> numbers) {
  for (const Number number : numbers) {
    const Fd file = open_to_read(Part::bounce, number);
    if (!file || sys::fsync(file.get()) < 0) return false;
  }
  return !names_.sync(std::array{Part::bounce}, numbers);
}

std::variant<bool, Trouble> StockStore::has_bounce(Number number) const {
  auto found = look_at(layout_, Part::bounce, number);
  if (auto* trouble = std::get_if<Trouble>(&found)) return std::move(*trouble);
  return std::get<Found>(found).has_value();
}

Fd StockStore::open_bounce(Number number) const { return open_to_read(Part::bounce, number); }
Fd StockStore::open_message(Number number) const { return open_to_read(Part::mess, number); }

std::optional<Trouble> StockStore::remove_bounce(Number number) {
  return names_.remove(Part::bounce, number);
}

std::optional<Trouble> StockStore::sync_removals(std::span<const Number> numbers) {
  return names_.sync(std::array{Part::local, Part::remote, Part::bounce}, numbers);
}

std::optional<Trouble> StockStore::remove_info(Number number) { return names_.remove(Part::info, number); }

std::optional<Trouble> StockStore::sync_infos(std::span<const Number> numbers) {
  return names_.sync(std::array{Part::info}, numbers);
}

Fd StockStore::open_to_read(Part part, Number number) const {
  // Messages are qmail-queue's, and read once. A list has the time of its next try, and to read what is newer
  // than its last reading is noted.
  if (part == Part::mess) return layout_.directory().try_file(name_of(part, number));
  return open_unnoted(layout_.fd(), name_of(part, number));
}

}  // namespace qmail::queue
