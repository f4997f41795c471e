#include "core/format/dns_message.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/base/text.h"

namespace qmail::dns {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_name = 255;
constexpr std::uint16_t class_internet = 1;
constexpr std::uint16_t type_opt = 41;
/// A chain of CNAMEs longer than this is a mistake or an attack.
constexpr int longest_chain = 16;

// Bits of the header's second pair of bytes.
constexpr unsigned response_bit = 0x8000;
constexpr unsigned authoritative_bit = 0x0400;
constexpr unsigned truncated_bit = 0x0200;
constexpr unsigned recursion_desired_bit = 0x0100;
constexpr unsigned recursion_available_bit = 0x0080;
constexpr unsigned code_bits = 0x000f;

/// The two high bits of a length byte that make it a pointer to an earlier name.
constexpr unsigned pointer_bits = 0xc0;

void put_u16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}

/// Takes one byte of a name off the front of `text`, undoing an escape; `bare` tells whether there was none.
std::optional<char> take_name_byte(std::string_view& text, bool& bare) {
  const char first = text.front();
  text.remove_prefix(1);
  bare = first != '\\';
  if (bare) return first;
  if (text.size() >= 3 && text[0] >= '0' && text[0] <= '9') {
    const auto value = parse_number<std::uint8_t>(text.substr(0, 3));
    if (!value) return std::nullopt;
    text.remove_prefix(3);
    return static_cast<char>(*value);
  }
  if (text.empty()) return std::nullopt;
  const char escaped = text.front();
  text.remove_prefix(1);
  return escaped;
}

/// `name` as labels with their lengths; none if a label is empty or anything is too long.
std::optional<std::string> encode_name(std::string_view name) {
  std::string wire, label;
  const auto end_label = [&] {
    if (label.empty() || label.size() > longest_label) return false;
    wire += static_cast<char>(label.size());
    wire += label;
    label.clear();
    return true;
  };
  while (!name.empty()) {
    bool bare = false;
    const auto byte = take_name_byte(name, bare);
    if (!byte) return std::nullopt;
    if (bare && *byte == '.') {
      if (!end_label()) return std::nullopt;
    } else {
      label += *byte;
    }
  }
  if (!label.empty() && !end_label()) return std::nullopt;
  if (wire.empty() || wire.size() >= longest_name) return std::nullopt;
  return wire + '\0';
}

void append_escaped(std::string& text, char byte) {
  if (byte == '.' || byte == '\\') {
    text += '\\';
    text += byte;
  } else if (byte > ' ' && byte < '\x7f') {
    text += byte;
  } else {
    text += '\\' + zero_padded(static_cast<unsigned char>(byte), 3);
  }
}

/// Reads a message from front to back; every access is checked, and a failed one stays failed.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  std::size_t at() const { return at_; }
  unsigned u8() { return byte_at(at_++); }
  unsigned u16() {
    const unsigned high = u8();
    return high << 8 | u8();
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  std::string_view take(std::size_t count) {
    if (failed_ || bytes_.size() - at_ < count) {
      failed_ = true;
      return {};
    }
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  std::string name();

 private:
  unsigned byte_at(std::size_t position) {
    if (position >= bytes_.size()) failed_ = true;
    return failed_ ? 0 : static_cast<unsigned char>(bytes_[position]);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

std::string Cursor::name() {
  std::string text;
  std::size_t at = at_;
  std::size_t lowest = at_;  // pointers must go down, so the loop ends
  std::size_t wire_size = 1;
  std::optional<std::size_t> after;
  for (;;) {
    const unsigned length = byte_at(at++);
    if ((length & pointer_bits) == pointer_bits) {
      const std::size_t target = (length & ~pointer_bits) << 8 | byte_at(at++);
      if (!after) after = at;
      if (target >= lowest) failed_ = true;
      lowest = at = target;
    } else if (length != 0) {
      wire_size += length + 1;
      if (length > longest_label || wire_size > longest_name) failed_ = true;
      for (unsigned i = 0; i < length && !failed_; ++i)
        append_escaped(text, static_cast<char>(byte_at(at++)));
      text += '.';
    }
    if (failed_) return {};
    if (length == 0) break;
  }
  at_ = after.value_or(at);
  if (!text.empty()) text.pop_back();
  return text;
}

/// The strings of a TXT record, joined.
std::string join_strings(Cursor& in, std::size_t end) {
  std::string text;
  while (!in.failed() && in.at() < end) text += in.take(in.u8());
  return text;
}

template <std::size_t Size>
std::array<std::uint8_t, Size> take_address(Cursor& in) {
  std::array<std::uint8_t, Size> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(in.u8());
  return bytes;
}

/// RFC 2181 section 8: one with the highest bit set means nothing.
std::uint32_t take_ttl(Cursor& in) {
  const std::uint32_t ttl = in.u32();
  return ttl >> 31 != 0 ? 0 : ttl;
}

/// Takes one record; none if it is of a type that does not concern us. A broken one fails the cursor.
std::optional<Record> take_record(Cursor& in, bool& sound) {
  Record record{.owner = in.name()};
  const unsigned type = in.u16();
  const unsigned record_class = in.u16();
  record.ttl = take_ttl(in);
  const std::size_t size = in.u16();
  const std::size_t end = in.at() + size;
  record.type = static_cast<Type>(type);
  bool ours = record_class == class_internet;
  if (ours && record.type == Type::a) {
    record.address = Ip::v4(take_address<4>(in));
  } else if (ours && record.type == Type::aaaa) {
    record.address = Ip::v6(take_address<16>(in));
  } else if (ours && record.type == Type::mx) {
    record.preference = in.u16();
    record.text = in.name();
  } else if (ours && (record.type == Type::cname || record.type == Type::ptr)) {
    record.text = in.name();
  } else if (ours && record.type == Type::txt) {
    record.text = join_strings(in, end);
  } else {
    ours = false;
    in.take(size);
  }
  sound = !in.failed() && in.at() == end;
  return ours && sound ? std::optional(record) : std::nullopt;
}

/// What the SOA record of the authority section, if there is one, says about a "no".
std::uint32_t take_negative_ttl(Cursor& in, unsigned records) {
  constexpr std::size_t other_numbers = 16;
  for (unsigned i = 0; i < records && !in.failed(); ++i) {
    in.name();
    const auto type = static_cast<Type>(in.u16());
    in.u16();
    const std::uint32_t ttl = take_ttl(in);
    const std::size_t size = in.u16();
    if (type != Type::soa) {
      in.take(size);
      continue;
    }
    in.name();
    in.name();
    in.take(other_numbers);
    const std::uint32_t minimum = take_ttl(in);
    return in.failed() ? 0 : std::min(ttl, minimum);
  }
  return 0;
}

}  // namespace

std::optional<std::string> build_query(std::uint16_t id, std::string_view name, Type type, bool edns) {
  const auto wire = encode_name(name);
  if (!wire) return std::nullopt;
  std::string query;
  put_u16(query, id);
  put_u16(query, recursion_desired_bit);
  put_u16(query, 1);  // one question
  put_u16(query, 0);
  put_u16(query, 0);
  put_u16(query, edns ? 1 : 0);
  query += *wire;
  put_u16(query, static_cast<unsigned>(type));
  put_u16(query, class_internet);
  if (edns) {
    query += '\0';  // owned by the root
    put_u16(query, type_opt);
    put_u16(query, edns_size);
    put_u16(query, 0);  // no extended code, version 0
    put_u16(query, 0);  // no flags
    put_u16(query, 0);  // no options
  }
  return query;
}

bool is_reply_to(std::string_view reply, std::string_view query) {
  if (reply.size() < header_size || query.size() < header_size) return false;
  Cursor header(reply), asked(query);
  if (header.u16() != asked.u16()) return false;
  const unsigned flags = header.u16();
  if ((flags & response_bit) == 0) return false;
  const unsigned questions = header.u16();
  // A server that could not read the query need not repeat the question.
  if (questions == 0 && (flags & code_bits) == static_cast<unsigned>(Code::malformed_query)) return true;
  asked.take(header_size - 2);
  asked.name();
  asked.take(4);
  const std::size_t size = asked.at() - header_size;
  // Names compare without regard to case; the lengths among these bytes are not letters.
  return questions == 1 && reply.size() >= asked.at() &&
         equal_nocase(reply.substr(header_size, size), query.substr(header_size, size));
}

std::optional<Message> parse_message(std::string_view bytes) {
  Cursor in(bytes);
  in.take(2);
  const unsigned flags = in.u16();
  const unsigned questions = in.u16();
  const unsigned answers = in.u16();
  const unsigned authorities = in.u16();
  in.take(2);
  Message message{.code = static_cast<Code>(flags & code_bits),
                  .authoritative = (flags & authoritative_bit) != 0,
                  .truncated = (flags & truncated_bit) != 0,
                  .recursive = (flags & recursion_available_bit) != 0};
  for (unsigned i = 0; i < questions && !in.failed(); ++i) {
    message.name = in.name();
    in.take(4);
  }
  if (in.failed()) return std::nullopt;
  for (unsigned i = 0; i < answers && !message.truncated; ++i) {
    bool sound = false;
    if (auto record = take_record(in, sound)) message.answers.push_back(std::move(*record));
    if (!sound) return std::nullopt;
  }
  if (!message.truncated) message.negative_ttl = take_negative_ttl(in, authorities);
  return message;
}

Resolved follow(const Message& message, Type type) {
  Resolved found{message.name, {}, std::numeric_limits<std::uint32_t>::max()};
  for (int link = 0; link < longest_chain; ++link) {
    const Record* next = nullptr;
    for (const Record& record : message.answers) {
      if (!equal_nocase(record.owner, found.name)) continue;
      if (record.type == Type::cname) next = &record;
      if (record.type != type) continue;
      found.records.push_back(record);
      found.ttl = std::min(found.ttl, record.ttl);
    }
    if (!found.records.empty() || !next) return found;
    found.name = next->text;
    found.ttl = std::min(found.ttl, next->ttl);
  }
  return found;
}

std::string reverse_labels(const Ip& ip) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string labels;
  if (ip.is_v4()) {
    const auto bytes = ip.v4_bytes();
    for (std::size_t i = bytes.size(); i-- > 0;) labels += std::to_string(bytes[i]) + '.';
    return labels;
  }
  for (std::size_t i = ip.bytes().size(); i-- > 0;)
    for (const unsigned nibble : {ip.bytes()[i] & 0xfu, static_cast<unsigned>(ip.bytes()[i]) >> 4}) {
      labels += digits[nibble];
      labels += '.';
    }
  return labels;
}

std::string reverse_name(const Ip& ip) {
  return reverse_labels(ip) + (ip.is_v4() ? "in-addr.arpa" : "ip6.arpa");
}

}  // namespace qmail::dns
