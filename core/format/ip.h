// Internet addresses, IPv4 and IPv6, as values. RFC 4291, RFC 5952 (text), RFC 5321 section 4.1.3 (literals).
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmail {

/// One address. An IPv4 address is kept as ::ffff:a.b.c.d, so the two families compare as one.
class Ip {
 public:
  Ip() = default;
  static Ip v4(std::array<std::uint8_t, 4> bytes);
  static Ip v6(const std::array<std::uint8_t, 16>& bytes);
  /// The whole of `text`: "192.0.2.1" or "2001:db8::1"; none if it is anything else.
  static std::optional<Ip> parse(std::string_view text);

  bool is_v4() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  std::array<std::uint8_t, 4> v4_bytes() const { return {bytes_[12], bytes_[13], bytes_[14], bytes_[15]}; }
  /// Dotted decimal, or RFC 5952 text.
  std::string text() const;
  auto operator<=>(const Ip&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// "[192.0.2.1]" or "[IPv6:2001:db8::1]", also "[2001:db8::1]": the whole of `text`.
std::optional<Ip> parse_address_literal(std::string_view text);
/// The form SMTP uses: "[192.0.2.1]", "[IPv6:2001:db8::1]".
std::string address_literal(const Ip& ip);

/// True for this machine itself and for addresses that nobody has on the Internet: RFC 1918, RFC 4193, and
/// those of one link.
bool is_private(const Ip& ip);

/// Who counts as one where addresses are counted: an IPv4 address, or the /64 of an IPv6 address, which is
/// what one subscriber has.
Ip counted_address(const Ip& ip);

}  // namespace qmail
