#include "core/programs/qmail-send/message_id.h"

#include <algorithm>
#include <unistd.h>

#include "core/base/text.h"
#include "core/format/header_field.h"

namespace qmail::send {
namespace {

/// More of a header is not looked at.
constexpr std::size_t head_bytes = 32768;
constexpr std::size_t longest_field = 1024;

}  // namespace

std::string find_message_id(std::string_view head) {
  std::string found;
  header::HeaderSplitter splitter(
      [&](const std::string& field) {
        if (found.empty() && header::field_of(field) == header::Field::message_id)
          found = header::field_body(field);
      },
      longest_field);
  while (!head.empty() && found.empty()) {
    const std::string_view line = head.substr(0, std::min(head.size(), head.find('\n')) + 1);
    // A line that was cut off says nothing.
    if (!line.ends_with('\n') || !splitter.take(line)) break;
    head.remove_prefix(line.size());
  }
  if (head.empty()) splitter.end();
  std::erase_if(found, [](char c) { return c == '\n' || c == '\r'; });
  return std::string(trim_end(found));
}

std::string read_message_id(const Fd& message) {
  std::string head(head_bytes, '\0');
  const ssize_t got = ::pread(message.get(), head.data(), head.size(), 0);
  // Whatever is wrong with the message, its delivery will tell.
  head.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return find_message_id(head);
}

}  // namespace qmail::send
