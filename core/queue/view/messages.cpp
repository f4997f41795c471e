#include "core/queue/view/messages.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/queue/log/scan.h"
#include "core/queue/view/folders.h"

namespace qmail::queue::view {
namespace {

/// A record of the queue's files, without its tag; empty if there is no record.
std::string_view untagged(std::string_view record) {
  return record.substr(std::min<std::size_t>(1, record.size()));
}

/// To the end of the file, or until `take_block` returns false. A block that is not full is the last one: of
/// the small files of a queue each is read with one call.
bool read_blocks(const Fd& file, const Message::TakeBlock& take_block) {
  std::array<char, 16384> block;
  ssize_t got = 0;
  do {
    got = ::read(file.get(), block.data(), block.size());
    if (got > 0 && !take_block({block.data(), static_cast<std::size_t>(got)})) return true;
  } while (got == static_cast<ssize_t>(block.size()));
  return got >= 0;
}

/// Each record without its NUL; one that is cut short is none.
bool read_records(const Fd& file, const std::function<void(std::string_view)>& take) {
  std::string begun;
  return read_blocks(file, [&](std::string_view block) {
    for (std::size_t end; (end = block.find('\0')) != std::string_view::npos; block.remove_prefix(end + 1)) {
      take(begun.empty() ? block.substr(0, end) : begun.append(block.substr(0, end)));
      begun.clear();
    }
    begun.append(block);
    return true;
  });
}

/// Files that a message has not, as its folders have shown: to ask for each would cost more.
struct Absent {
  std::array<bool, 2> lists{};  ///< by channel
  bool bounce = false;
};

class LayoutMessage final : public Message {
 public:
  LayoutMessage(Folders& folders, Number number, const Absent& absent)
      : folders_(folders), number_(number), absent_(absent) {}

  Number number() const override { return number_; }
  bool is_in_log() const override { return false; }

  std::optional<Info> info() override {
    if (!info_) info_ = read_info();
    return info_;
  }

  std::optional<std::uint64_t> size_bytes() override {
    const auto mess = folders_.look_at(Part::mess, number_);
    return mess ? std::optional(static_cast<std::uint64_t>(mess->st_size)) : std::nullopt;
  }

  bool is_bouncing() override { return !absent_.bounce && folders_.look_at(Part::bounce, number_); }

  bool recipients(Channel channel, const Take& take) override {
    if (absent_.lists[at(channel)]) return true;
    const Fd file = folders_.open(part_of(channel), number_);
    if (!file) return errno == ENOENT;
    return read_records(file, [&](std::string_view record) {
      const bool done = record.starts_with('D');
      if (done || record.starts_with('T')) take(untagged(record), done);
    });
  }

  bool read(const TakeBlock& take_block) override {
    const Fd file = folders_.open(Part::mess, number_);
    return file && read_blocks(file, take_block);
  }

 private:
  std::optional<Info> read_info() const {
    const Fd file = folders_.open(Part::info, number_);
    struct stat born {};
    if (!file || ::fstat(file.get(), &born) < 0) return std::nullopt;
    std::string sender;
    read_blocks(file, [&](std::string_view block) {
      const std::size_t end = block.find('\0');
      sender += block.substr(0, end);
      return end == std::string_view::npos;
    });
    return Info{
        .sender = std::string(untagged(sender)), .birth = born.st_mtime, .held = is_held(born.st_mode)};
  }

  Folders& folders_;
  Number number_;
  Absent absent_;
  std::optional<Info> info_;
};

/// The records of an envelope with this tag, without it.
std::vector<std::string_view> addresses(std::string_view envelope, char tag) {
  std::vector<std::string_view> found;
  for (std::size_t end; (end = envelope.find('\0')) != std::string_view::npos;
       envelope.remove_prefix(end + 1))
    if (envelope.starts_with(tag)) found.push_back(envelope.substr(1, end - 1));
  return found;
}

/// As it would look in the layout: each channel's recipients in order, under the addresses they are sent to.
class LoggedMessage final : public Message {
 public:
  LoggedMessage(const Layout& queue, const queue_log::LiveMessage& live, const Routing& routing)
      : queue_(queue), live_(live), routing_(routing) {}

  Number number() const override { return live_.place.id; }
  bool is_in_log() const override { return true; }

  std::optional<Info> info() override {
    const auto senders = addresses(live_.envelope, 'F');
    return Info{.sender = std::string(senders.empty() ? std::string_view() : senders.front()),
                .birth = live_.origin.birth};
  }

  std::optional<std::uint64_t> size_bytes() override { return live_.place.body_bytes; }

  bool is_bouncing() override {
    return std::any_of(live_.outcomes.begin(), live_.outcomes.end(),
                       [](const queue_log::Outcome& outcome) { return outcome.kind == 'D'; });
  }

  bool recipients(Channel channel, const Take& take) override {
    std::unordered_set<std::size_t> done;
    for (const queue_log::Outcome& outcome : live_.outcomes) done.insert(outcome.index);
    const auto names = addresses(live_.envelope, 'T');
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Route route = routing_.route(names[i]);
      if (route.channel == channel) take(route.address, done.contains(i));
    }
    return true;
  }

  bool read(const TakeBlock& take_block) override {
    std::string buffer;
    const auto stored = queue_log::read_message(queue_, live_.place, buffer);
    if (stored) take_block(stored->body);
    if (!stored) errno = ENOENT;
    return stored.has_value();
  }

 private:
  const Layout& queue_;
  const queue_log::LiveMessage& live_;
  const Routing& routing_;
};

void visit_layout(Folders& folders, Number number, const Visit& visit, const Absent& absent = {}) {
  LayoutMessage message(folders, number, absent);
  visit(message);
}

/// In ascending order: as their files lie on the disk, where they were made one after the other.
std::vector<Number> numbers_in(const Layout& queue, const std::string& folder) {
  auto numbers = queue.numbers_in(folder);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

bool contains(const std::vector<Number>& sorted, Number number) {
  return std::binary_search(sorted.begin(), sorted.end(), number);
}

/// The messages of one folder of info. Lists are made before info: what has none now had none then, or no
/// more.
void visit_folder(const Layout& queue, Folders& folders, const std::vector<Number>& numbers,
                  const std::vector<Number>& bounces, const Visit& visit) {
  if (numbers.empty()) return;
  const auto local = numbers_in(queue, folder_of(Part::local, numbers.front()));
  const auto remote = numbers_in(queue, folder_of(Part::remote, numbers.front()));
  for (const Number number : numbers)
    visit_layout(folders, number, visit,
                 {.lists = {!contains(local, number), !contains(remote, number)},
                  .bounce = !contains(bounces, number)});
}

}  // namespace

void visit_all(const Layout& queue, const ReadRouting& read_routing, const Visit& visit) {
  // The log first: what moves into the layout meanwhile is then seen in one of them at least.
  const auto logged = queue_log::live_messages(queue);
  // What the messages of these numbers look like is the layout's to say: they have left the log.
  std::unordered_set<Number> visited;
  const auto bounces = numbers_in(queue, std::string(folder_of(Part::bounce)));
  Folders folders(queue);
  for (const std::string& folder : folders_of(Part::info)) {
    const auto numbers = numbers_in(queue, folder);
    if (!logged.empty()) visited.insert(numbers.begin(), numbers.end());
    visit_folder(queue, folders, numbers, bounces, visit);
  }
  if (logged.empty()) return;
  const Routing routing = read_routing();
  for (const queue_log::LiveMessage& live : logged) {
    LoggedMessage message(queue, live, routing);
    if (!visited.contains(message.number())) visit(message);
  }
}

void visit_some(const Layout& queue, const ReadRouting& read_routing, std::span<const Number> numbers,
                const Visit& visit) {
  Folders folders(queue);
  const auto is_there = [&](Number number) { return folders.look_at(Part::info, number).has_value(); };
  if (std::all_of(numbers.begin(), numbers.end(), is_there)) {
    for (const Number number : numbers) visit_layout(folders, number, visit);
    return;
  }
  const auto logged = queue_log::live_messages(queue);
  std::unordered_map<Number, const queue_log::LiveMessage*> by_number;
  for (const queue_log::LiveMessage& live : logged) by_number.emplace(live.place.id, &live);
  const std::optional<Routing> routing = logged.empty() ? std::nullopt : std::optional(read_routing());
  for (const Number number : numbers) {
    // Looked for in the layout behind the log, as above.
    if (is_there(number)) {
      visit_layout(folders, number, visit);
    } else if (const auto found = by_number.find(number); found != by_number.end()) {
      LoggedMessage message(queue, *found->second, *routing);
      visit(message);
    }
  }
}

}  // namespace qmail::queue::view
