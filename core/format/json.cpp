#include "core/format/json.h"

namespace qmail::json {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

unsigned at(std::string_view text, std::size_t index) { return static_cast<unsigned char>(text[index]); }

/// Bytes of the character that `text` starts with; 0 if it is no UTF-8: cut short, too long, a surrogate or
/// beyond U+10FFFF. RFC 3629.
std::size_t character_bytes(std::string_view text) {
  const unsigned first = at(text, 0);
  const std::size_t bytes = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (bytes == 0 || first > 0xf4 || text.size() < bytes) return 0;
  for (std::size_t index = 1; index < bytes; ++index)
    if ((at(text, index) & 0xc0) != 0x80) return 0;
  const unsigned second = bytes > 1 ? at(text, 1) : 0;
  const bool is_out_of_range = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                               (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return is_out_of_range ? 0 : bytes;
}

void append_ascii(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c < ' ' || c == 127) {
    const auto code = static_cast<unsigned char>(c);
    out.append("\\u00") += digits[code >> 4];
    out += digits[code & 0xf];
  } else {
    out += c;
  }
}

void append_member(std::string& list, std::string_view member) {
  if (!list.empty()) list += ',';
  list += member;
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    if (bytes == 1)
      append_ascii(out, text.front());
    else
      out += bytes == 0 ? replacement : text.substr(0, bytes);
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out + '"';
}

Object& Object::put_raw(std::string_view name, std::string_view value) {
  append_member(members_, quote(name).append(":").append(value));
  return *this;
}

Array& Array::add(std::string_view value) {
  append_member(values_, value);
  return *this;
}

}  // namespace qmail::json
