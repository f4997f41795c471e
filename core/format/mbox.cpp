#include "core/format/mbox.h"

#include <algorithm>

#include "core/format/datetime.h"

namespace qmail {
namespace {

constexpr std::string_view separator = "From ";

}  // namespace

std::string mbox_from_line(std::string_view sender, std::int64_t seconds) {
  std::string name(sender.empty() ? "MAILER-DAEMON" : sender);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' ' || c == '\t' || c == '\n'; }, '-');
  return std::string(separator) + name + " " + mbox_date(seconds) + "\n";
}

void MboxQuoter::begin_line(char byte, std::string& out) {
  const bool matches = byte == separator[matched_.size()];
  if (matches) matched_ = separator.substr(0, matched_.size() + 1);
  if (matches && matched_ != separator) return;
  // One more '>' behind those that are already out: the bytes are the same as with one in front.
  if (matches) out += '>';
  const bool is_quote_mark = matched_.empty() && byte == '>';
  out.append(matched_);
  if (!matches) out += byte;
  matched_ = {};
  at_beginning_ = is_quote_mark || byte == '\n';
}

void MboxQuoter::put(std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    std::size_t taken = 1;
    if (at_beginning_) {
      begin_line(bytes.front(), out);
    } else {
      const std::size_t end = bytes.find('\n');
      at_beginning_ = end != std::string_view::npos;
      taken = at_beginning_ ? end + 1 : bytes.size();
      out.append(bytes.substr(0, taken));
    }
    line_is_open_ = bytes[taken - 1] != '\n';
    bytes.remove_prefix(taken);
  }
}

void MboxQuoter::finish(std::string& out) {
  out.append(matched_);
  if (line_is_open_) out += '\n';
  out += '\n';
  *this = MboxQuoter();
}

}  // namespace qmail
