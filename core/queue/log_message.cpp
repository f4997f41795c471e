#include "core/queue/log_message.h"

#include <algorithm>
#include <utility>

namespace qmail::queue {

bool LogMessage::is_finished() const {
  return std::all_of(attempts.begin(), attempts.end(), [](Attempt attempt) {
    return attempt == Attempt::none || attempt == Attempt::finished;
  });
}

std::optional<Trouble> LogMessage::put_sender(std::string_view text) {
  sender = text;
  return std::nullopt;
}

std::optional<Trouble> LogMessage::put_recipient(Channel channel, std::string_view recipient) {
  std::string& list = lists[at(channel)];
  places.push_back({channel, static_cast<std::uint32_t>(list.size())});
  list += 'T';
  list.append(recipient).push_back('\0');
  ++left;
  return std::nullopt;
}

void LogMessage::mark_done(Channel channel, std::uint64_t position) {
  std::string& list = lists[at(channel)];
  if (position >= list.size() || list[position] == 'D') return;
  list[position] = 'D';
  --left;
}

std::uint32_t LogMessage::index_of(Channel channel, std::uint64_t position) const {
  const auto found = std::find_if(places.begin(), places.end(), [&](const Place& place) {
    return place.channel == channel && place.position == position;
  });
  return static_cast<std::uint32_t>(found - places.begin());
}

Fd LogMessage::open_body() const {
  const std::string name = "/proc/self/fd/" + std::to_string(body.get());
  return Fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
}

Fd LogMessage::pass_body() { return places.size() == 1 ? std::move(body) : open_body(); }

}  // namespace qmail::queue
