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
  LayoutMessage(const Layout& queue, Number number, const Absent& absent)
      : queue_(queue), number_(number), absent_(absent) {}

  Number number() const override { return number_; }
  bool is_in_log() const override { return false; }

  std::optional<Info> info() override {
    if (!info_) info_ = read_info();
    return info_;
  }

  std::optional<std::uint64_t> size_bytes() override {
    struct stat mess {};
    if (::fstatat(queue_.fd(), name_of(Part::mess, number_).c_str(), &mess, 0) < 0) return std::nullopt;
    return static_cast<std::uint64_t>(mess.st_size);
  }

  bool is_bouncing() override {
    struct stat bounce {};
    return !absent_.bounce && ::fstatat(queue_.fd(), name_of(Part::bounce, number_).c_str(), &bounce, 0) == 0;
  }

  bool recipients(Channel channel, const Take& take) override {
    if (absent_.lists[at(channel)]) return true;
    const Fd file = open(part_of(channel));
    if (!file) return errno == ENOENT;
    return read_records(file, [&](std::string_view record) {
      const bool done = record.starts_with('D');
      if (done || record.starts_with('T')) take(untagged(record), done);
    });
  }

  bool read(const TakeBlock& take_block) override {
    const Fd file = open(Part::mess);
    return file && read_blocks(file, take_block);
  }

 private:
  Fd open(Part part) const { return queue_.directory().try_file(name_of(part, number_)); }

  std::optional<Info> read_info() const {
    const Fd file = open(Part::info);
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

  const Layout& queue_;
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

bool is_preprocessed(const Layout& queue, Number number) {
  return ::faccessat(queue.fd(), name_of(Part::info, number).c_str(), F_OK, 0) == 0;
}

void visit_layout(const Layout& queue, Number number, const Visit& visit, const Absent& absent = {}) {
  LayoutMessage message(queue, number, absent);
  visit(message);
}

using Numbers = std::unordered_set<Number>;

Numbers numbers_in(const Layout& queue, const std::string& folder) {
  const auto numbers = queue.numbers_in(folder);
  return {numbers.begin(), numbers.end()};
}

/// The messages of one folder of info. Lists are made before info: what has none now had none then, or no
/// more.
void visit_folder(const Layout& queue, const std::vector<Number>& numbers, const Numbers& bounces,
                  const Visit& visit) {
  if (numbers.empty()) return;
  const Numbers local = numbers_in(queue, folder_of(Part::local, numbers.front()));
  const Numbers remote = numbers_in(queue, folder_of(Part::remote, numbers.front()));
  for (const Number number : numbers)
    visit_layout(
        queue, number, visit,
        {.lists = {!local.contains(number), !remote.contains(number)}, .bounce = !bounces.contains(number)});
}

}  // namespace

void visit_all(const Layout& queue, const ReadRouting& read_routing, const Visit& visit) {
  // The log first: what moves into the layout meanwhile is then seen in one of them at least.
  const auto logged = queue_log::live_messages(queue);
  // What the messages of these numbers look like is the layout's to say: they have left the log.
  Numbers visited;
  const Numbers bounces = numbers_in(queue, std::string(folder_of(Part::bounce)));
  for (const std::string& folder : folders_of(Part::info)) {
    const auto numbers = queue.numbers_in(folder);
    if (!logged.empty()) visited.insert(numbers.begin(), numbers.end());
    visit_folder(queue, numbers, bounces, visit);
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
  const auto is_there = [&](Number number) { return is_preprocessed(queue, number); };
  if (std::all_of(numbers.begin(), numbers.end(), is_there)) {
    for (const Number number : numbers) visit_layout(queue, number, visit);
    return;
  }
  const auto logged = queue_log::live_messages(queue);
  std::unordered_map<Number, const queue_log::LiveMessage*> by_number;
  for (const queue_log::LiveMessage& live : logged) by_number.emplace(live.place.id, &live);
  const std::optional<Routing> routing = logged.empty() ? std::nullopt : std::optional(read_routing());
  for (const Number number : numbers) {
    // Looked for in the layout behind the log, as above.
    if (is_there(number)) {
      visit_layout(queue, number, visit);
    } else if (const auto found = by_number.find(number); found != by_number.end()) {
      LoggedMessage message(queue, *found->second, *routing);
      visit(message);
    }
  }
}

}  // namespace qmail::queue::view
