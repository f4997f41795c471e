#include "core/programs/qmail-vacation/answered.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail::vacation {
namespace {

constexpr std::size_t longest_number_and_marks = 22;

}  // namespace

Answered Answered::read(std::string_view text, std::int64_t now, std::int64_t interval) {
  Answered answered;
  for (std::string_view line : split(text, '\n')) {
    const auto seconds = take_number<std::uint32_t>(line);
    if (!seconds || !line.starts_with(' ') || line.size() < 2) continue;
    const std::int64_t when = std::min<std::int64_t>(*seconds, now);
    if (now - when < interval) answered.add(line.substr(1), when);
  }
  return answered;
}

bool Answered::has(std::string_view sender) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return equal_nocase(entry.sender, sender); });
}

bool Answered::add(std::string_view sender, std::int64_t now) {
  const std::size_t more = sender.size() + longest_number_and_marks;
  if (bytes_ + more > most_bytes) return false;
  bytes_ += more;
  entries_.push_back({now, lower(sender)});
  return true;
}

void Answered::remove(std::string_view sender) {
  std::erase_if(entries_, [&](const Entry& entry) { return equal_nocase(entry.sender, sender); });
}

std::string Answered::text() const {
  std::string text;
  for (const Entry& entry : entries_) text += std::to_string(entry.when) + " " + entry.sender + "\n";
  return text;
}

}  // namespace qmail::vacation
