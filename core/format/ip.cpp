#include "core/format/ip.h"

#include <algorithm>
#include <arpa/inet.h>

#include "core/base/text.h"

namespace qmail {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

Ip Ip::v4(std::array<std::uint8_t, 4> bytes) {
  Ip ip;
  std::copy(v4_prefix.begin(), v4_prefix.end(), ip.bytes_.begin());
  std::copy(bytes.begin(), bytes.end(), ip.bytes_.begin() + 12);
  return ip;
}

Ip Ip::v6(const std::array<std::uint8_t, 16>& bytes) {
  Ip ip;
  ip.bytes_ = bytes;
  return ip;
}

std::optional<Ip> Ip::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  std::array<std::uint8_t, 4> four{};
  if (::inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return v4(four);
  std::array<std::uint8_t, 16> sixteen{};
  if (::inet_pton(AF_INET6, terminated.c_str(), sixteen.data()) == 1) return v6(sixteen);
  return std::nullopt;
}

bool Ip::is_v4() const { return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes_.begin()); }

std::string Ip::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (is_v4())
    ::inet_ntop(AF_INET, bytes_.data() + 12, out.data(), out.size());
  else
    ::inet_ntop(AF_INET6, bytes_.data(), out.data(), out.size());
  return out.data();
}

std::optional<Ip> parse_address_literal(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  if (starts_nocase(text, "IPv6:")) text.remove_prefix(5);
  return Ip::parse(text);
}

bool is_private(const Ip& ip) {
  if (ip.is_v4()) {
    const auto [a, b, c, d] = ip.v4_bytes();
    return a == 127 || a == 10 || (a == 172 && (b & 0xf0) == 16) || (a == 192 && b == 168) ||
           (a == 169 && b == 254);
  }
  const auto& bytes = ip.bytes();
  const bool is_unique_local = (bytes[0] & 0xfe) == 0xfc;
  const bool is_link_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
  return is_unique_local || is_link_local || ip == Ip::parse("::1");
}

Ip counted_address(const Ip& ip) {
  if (ip.is_v4()) return ip;
  std::array<std::uint8_t, 16> bytes = ip.bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return Ip::v6(bytes);
}

std::string address_literal(const Ip& ip) { return (ip.is_v4() ? "[" : "[IPv6:") + ip.text() + "]"; }

}  // namespace qmail
