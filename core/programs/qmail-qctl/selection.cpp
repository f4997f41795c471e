#include "core/programs/qmail-qctl/selection.h"

#include <algorithm>
#include <limits>

#include "core/base/text.h"
#include "core/format/address.h"

namespace qmail::qctl {
namespace {

using queue::Channel;
using queue::view::Message;

/// Texts are looked for in this much of a header, and of a whole message.
constexpr std::size_t longest_header = std::size_t{256} << 10;
constexpr std::size_t longest_text = std::size_t{4} << 20;

struct Unit {
  char letter;
  std::uint64_t factor;
};

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::initializer_list<Unit> units) {
  std::uint64_t factor = 1;
  for (const Unit& unit : units)
    if (text.ends_with(unit.letter)) factor = unit.factor;
  if (!text.empty() && (text.back() < '0' || text.back() > '9')) {
    if (std::none_of(units.begin(), units.end(),
                     [&](const Unit& unit) { return unit.letter == text.back(); }))
      return std::nullopt;
    text.remove_suffix(1);
  }
  const auto count = parse_number<std::uint64_t>(text);
  if (!count || *count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / factor)
    return std::nullopt;
  return *count * factor;
}

bool any_matches(const std::vector<Pattern>& patterns, std::string_view address) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return pattern.matches_address(address); });
}

bool any_is_found(const std::vector<Pattern>& patterns, std::string_view text) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                         [&](const Pattern& pattern) { return pattern.is_found_in(text); });
}

/// The first bytes of the message; empty if it has gone.
std::string front_of(Message& message, std::size_t limit) {
  std::string text;
  const bool is_there = message.read([&](std::string_view block) {
    text.append(block.substr(0, limit - text.size()));
    return text.size() < limit;
  });
  return is_there ? text : "";
}

bool has_age(Message& message, const Selection& selection, std::int64_t now) {
  if (!selection.older_seconds && !selection.younger_seconds) return true;
  const auto info = message.info();
  if (!info) return false;
  const std::int64_t age = now - info->birth;
  return age >= selection.older_seconds.value_or(age) && age <= selection.younger_seconds.value_or(age);
}

bool has_size(Message& message, const Selection& selection) {
  if (!selection.larger_bytes && !selection.smaller_bytes) return true;
  const auto bytes = message.size_bytes();
  return bytes && *bytes >= selection.larger_bytes.value_or(*bytes) &&
         *bytes <= selection.smaller_bytes.value_or(*bytes);
}

bool has_sender(Message& message, const Selection& selection) {
  if (selection.senders.empty()) return true;
  const auto info = message.info();
  return info && any_matches(selection.senders, info->sender);
}

bool is_in_domain(const std::vector<std::string>& domains, std::string_view address) {
  const std::string_view host = divide(address).host;
  return std::any_of(domains.begin(), domains.end(),
                     [&](const std::string& domain) { return equal_nocase(domain, host); });
}

/// One who still waits: for the others the message is over.
bool has_recipient(Message& message, const Selection& selection) {
  if (selection.recipients.empty() && selection.domains.empty() && !selection.channel) return true;
  bool found = false;
  for (const Channel channel : queue::every_channel) {
    if (found || channel != selection.channel.value_or(channel)) continue;
    message.recipients(channel, [&](std::string_view address, bool done) {
      found =
          found || (!done && (selection.recipients.empty() || any_matches(selection.recipients, address)) &&
                    (selection.domains.empty() || is_in_domain(selection.domains, address)));
    });
  }
  return found;
}

bool has_text(Message& message, const Selection& selection) {
  if (selection.headers.empty() && selection.bodies.empty()) return true;
  const std::string text = front_of(message, selection.bodies.empty() ? longest_header : longest_text);
  const std::size_t end = text.find("\n\n");
  const std::string_view all = text;
  const std::string_view header = all.substr(0, end == std::string::npos ? end : end + 1);
  const std::string_view body = end == std::string::npos ? std::string_view() : all.substr(end + 2);
  return !text.empty() && any_is_found(selection.headers, header) && any_is_found(selection.bodies, body);
}

/// What takes fewer files comes first.
bool is_selected(Message& message, const Selection& selection, std::int64_t now) {
  return has_size(message, selection) && has_age(message, selection, now) && has_sender(message, selection) &&
         has_recipient(message, selection) && has_text(message, selection);
}

}  // namespace

bool Selection::is_open() const {
  return senders.empty() && recipients.empty() && headers.empty() && bodies.empty() && domains.empty() &&
         !channel && !older_seconds && !younger_seconds && !larger_bytes && !smaller_bytes;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  const auto seconds = parse_with_unit(text, {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}});
  return seconds ? std::optional(static_cast<std::int64_t>(*seconds)) : std::nullopt;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  return parse_with_unit(text, {{'k', 1U << 10}, {'M', 1U << 20}, {'G', 1U << 30}});
}

void visit_selected(const queue::Layout& queue, const queue::view::ReadRouting& read_routing,
                    const Selection& selection, std::int64_t now, const queue::view::Visit& visit) {
  const queue::view::Visit visit_if = [&](Message& message) {
    if (is_selected(message, selection, now)) visit(message);
  };
  if (selection.numbers.empty())
    queue::view::visit_all(queue, read_routing, visit_if);
  else
    queue::view::visit_some(queue, read_routing, selection.numbers, visit_if);
}

}  // namespace qmail::qctl
