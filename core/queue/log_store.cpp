#include "core/queue/log_store.h"

#include <algorithm>
#include <sys/mman.h>
#include <utility>

#include "core/base/publish.h"

namespace qmail::queue {
namespace {

class LogList final : public RecipientList {
 public:
  LogList(LogMessagePtr message, Channel channel) : message_(std::move(message)), channel_(channel) {}

  ListItem next() override {
    const std::string_view rest = std::string_view(message_->list(channel_)).substr(position_);
    if (rest.empty()) return {};
    const std::uint64_t position = position_;
    const std::string_view record = rest.substr(0, rest.find('\0'));
    position_ += record.size() + 1;
    if (record.starts_with('D')) return {.kind = ListItem::Kind::done, .position = position};
    return {.kind = ListItem::Kind::to_do, .position = position, .recipient = std::string(record.substr(1))};
  }

 private:
  LogMessagePtr message_;
  Channel channel_;
  std::size_t position_ = 0;
};

}  // namespace

void LogStore::add(LogMessagePtr message) {
  const Number number = message->number;
  messages_.insert_or_assign(number, std::move(message));
}

LogMessagePtr LogStore::find(Number number) const {
  const auto found = messages_.find(number);
  return found == messages_.end() ? nullptr : found->second;
}

LogMessagePtr LogStore::find_in_memory(Number number) const {
  auto message = find(number);
  return message && message->is_in_memory() ? message : nullptr;
}

void LogStore::remove(const LogMessagePtr& message, LogMessage::Stage stage) {
  message->stage = stage;
  message->body.close();
  messages_.erase(message->number);
}

void LogStore::park(const LogMessagePtr& message, Channel channel) {
  message->attempt(channel) = LogMessage::Attempt::parked;
  ++parked_;
  touch(message);
}

std::vector<Channel> LogStore::take_parked(LogMessage& message) {
  std::vector<Channel> channels;
  for (const Channel channel : every_channel) {
    if (message.attempt(channel) != LogMessage::Attempt::parked) continue;
    message.attempt(channel) = LogMessage::Attempt::waiting;
    channels.push_back(channel);
    --parked_;
  }
  return channels;
}

void LogStore::make_all_due(std::int64_t now) {
  for (const auto& [number, message] : messages_)
    for (std::int64_t& due : message->due) due = std::min(due, now);
}

void LogStore::touch(const LogMessagePtr& message) {
  if (std::exchange(message->touched, true)) return;
  touched_.push_back(message);
}

void LogStore::touch_all() {
  for (const auto& [number, message] : messages_) touch(message);
}

std::vector<LogMessagePtr> LogStore::take_touched() {
  for (const LogMessagePtr& message : touched_) message->touched = false;
  return std::exchange(touched_, {});
}

std::variant<Standing, Trouble> LogStore::standing(Number number) const {
  Standing standing;
  const auto message = find(number);
  if (!message) return standing;
  standing.preprocessed = true;
  for (const Channel channel : every_channel) {
    const auto attempt = message->attempt(channel);
    if (attempt != LogMessage::Attempt::none && attempt != LogMessage::Attempt::finished)
      standing.due[at(channel)] = message->due[at(channel)];
  }
  return standing;
}

std::optional<Info> LogStore::info(Number number) const {
  const auto message = find(number);
  if (!message) return std::nullopt;
  return Info{.sender = message->sender, .birth = message->birth, .birth_part = message->birth_part};
}

std::unique_ptr<RecipientList> LogStore::recipients(Number number, Channel channel) const {
  auto message = find(number);
  if (!message) return nullptr;
  return std::make_unique<LogList>(std::move(message), channel);
}

std::string LogStore::list_name(Number number, Channel channel) const {
  return name_of(part_of(channel), number);
}

bool LogStore::mark_done(Number number, Channel channel, std::uint64_t position) {
  const auto message = find(number);
  if (message) message->mark_done(channel, position);
  return message != nullptr;
}

std::optional<Trouble> LogStore::remove_list(Number, Channel) { return std::nullopt; }

bool LogStore::set_due(Number number, Channel channel, std::int64_t when) {
  const auto message = find(number);
  if (message) message->due[at(channel)] = when;
  return message != nullptr;
}

std::string LogStore::bounce_name(Number number) const { return name_of(Part::bounce, number); }

bool LogStore::append_bounce(Number number, std::string_view& note) {
  const auto message = find(number);
  if (!message) return false;
  message->bounce.append(std::exchange(note, {}));
  return true;
}

std::variant<bool, Trouble> LogStore::has_bounce(Number number) const {
  const auto message = find(number);
  return message && !message->bounce.empty();
}

Fd LogStore::open_bounce(Number number) const {
  const auto message = find(number);
  Fd file(::memfd_create("bounce", MFD_CLOEXEC));
  if (!message || !file || !try_write_all(file.get(), message->bounce) ||
      ::lseek(file.get(), 0, SEEK_SET) < 0)
    return Fd();
  return file;
}

Fd LogStore::open_message(Number number) const {
  const auto message = find(number);
  return message ? message->open_body() : Fd();
}

std::optional<Trouble> LogStore::remove_bounce(Number number) {
  if (const auto message = find(number)) message->bounce.clear();
  return std::nullopt;
}

}  // namespace qmail::queue
