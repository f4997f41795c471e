// JSON for other people's programs to read (RFC 8259), as far as ours write it: objects in one line.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail::json {

/// `text` as a string with its quotes. What is no UTF-8 becomes U+FFFD, byte by byte: JSON has no bytes.
std::string quote(std::string_view text);

/// One object, member by member.
class Object {
 public:
  Object& put(std::string_view name, std::string_view text) { return put_raw(name, quote(text)); }
  Object& put(std::string_view name, std::uint64_t number) { return put_raw(name, std::to_string(number)); }
  Object& put(std::string_view name, std::int64_t number) { return put_raw(name, std::to_string(number)); }
  /// A pointer to text is none.
  Object& put(std::string_view name, std::same_as<bool> auto value) {
    return put_raw(name, value ? "true" : "false");
  }
  /// `value` is JSON already.
  Object& put_raw(std::string_view name, std::string_view value);
  std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

/// An array, value by value; each is JSON already.
class Array {
 public:
  Array& add(std::string_view value);
  std::string text() const { return "[" + values_ + "]"; }

 private:
  std::string values_;
};

}  // namespace qmail::json
