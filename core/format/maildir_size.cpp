#include "core/format/maildir_size.h"

#include <limits>

#include "core/base/text.h"

namespace qmail {
namespace {

constexpr std::string_view size_mark_begin = ",S=";

/// Sums of amounts below this cannot overflow: a file has fewer lines than bytes.
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max() / 8192;

std::optional<std::int64_t> parse_amount(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const auto value = parse_number<std::uint64_t>(text);
  if (!value || *value > static_cast<std::uint64_t>(largest)) return std::nullopt;
  const auto amount = static_cast<std::int64_t>(*value);
  return is_negative ? -amount : amount;
}

std::string_view skip_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

/// "BYTES MESSAGES", with any blanks around: Courier pads its lines.
std::optional<MaildirAmount> parse_size_line(std::string_view line) {
  line = skip_blanks(trim_end(line));
  const std::size_t blank = std::min(line.find(' '), line.size());
  const auto bytes = parse_amount(line.substr(0, blank));
  const auto messages = parse_amount(skip_blanks(line.substr(blank)));
  if (!bytes || !messages) return std::nullopt;
  return MaildirAmount{*bytes, *messages};
}

bool reaches(std::int64_t amount, std::int64_t most, unsigned percent) {
  const std::int64_t part = most / 100 * percent + (most % 100 * percent + 99) / 100;
  return most > 0 && amount >= part;
}

}  // namespace

std::optional<MaildirQuota> MaildirQuota::parse(std::string_view text) {
  MaildirQuota quota;
  for (std::string_view item : split(text, ',')) {
    if (item.empty()) return std::nullopt;
    const char unit = item.back();
    item.remove_suffix(1);
    const auto amount = parse_amount(item);
    if (!amount || *amount < 0 || (unit != 'S' && unit != 'C')) return std::nullopt;
    (unit == 'S' ? quota.most.bytes : quota.most.messages) = *amount;
  }
  if (quota.most == MaildirAmount{}) return std::nullopt;
  return quota;
}

std::string MaildirQuota::text() const {
  std::string text;
  if (most.bytes > 0) text = std::to_string(most.bytes) + "S";
  if (most.bytes > 0 && most.messages > 0) text += ",";
  if (most.messages > 0) text += std::to_string(most.messages) + "C";
  return text;
}

bool MaildirQuota::is_exceeded_by(const MaildirAmount& amount) const {
  return (most.bytes > 0 && amount.bytes > most.bytes) ||
         (most.messages > 0 && amount.messages > most.messages);
}

bool MaildirQuota::is_used_to(unsigned percent, const MaildirAmount& amount) const {
  return reaches(amount.bytes, most.bytes, percent) || reaches(amount.messages, most.messages, percent);
}

std::optional<MaildirSize> parse_maildir_size(std::string_view text) {
  // Without its newline the last line may be half of one.
  if (text.size() > longest_maildir_size || !text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  MaildirSize size;
  bool is_first = true;
  for (const std::string_view line : split(text, '\n')) {
    if (is_first) {
      const auto quota = MaildirQuota::parse(trim_end(line));
      if (!quota) return std::nullopt;
      size.quota = *quota;
      is_first = false;
      continue;
    }
    const auto more = parse_size_line(line);
    if (!more) return std::nullopt;
    size.amount.bytes += more->bytes;
    size.amount.messages += more->messages;
    ++size.line_count;
  }
  if (size.line_count == 0 || size.amount.bytes < 0 || size.amount.messages < 0) return std::nullopt;
  return size;
}

std::string maildir_size_line(const MaildirAmount& more) {
  return std::to_string(more.bytes) + " " + std::to_string(more.messages) + "\n";
}

std::string size_mark(std::int64_t bytes) { return std::string(size_mark_begin) + std::to_string(bytes); }

std::optional<std::int64_t> size_in_name(std::string_view name) {
  const std::size_t at = name.find(size_mark_begin);
  if (at == std::string_view::npos) return std::nullopt;
  name.remove_prefix(at + size_mark_begin.size());
  const auto size = parse_amount(name.substr(0, name.find_first_of(":,")));
  return size && *size >= 0 ? size : std::nullopt;
}

bool is_trashed(std::string_view name) {
  const std::size_t flags = name.rfind(":2,");
  return flags != std::string_view::npos && name.find('T', flags + 3) != std::string_view::npos;
}

}  // namespace qmail
