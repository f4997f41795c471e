#include "ucspi/lib/proxy_header.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

using namespace std::string_view_literals;
using State = ProxyHeader::State;
using Ends = ProxyHeader::Ends;

constexpr std::string_view signature_1 = "PROXY ";
constexpr std::size_t longest_1 = 107;
constexpr std::string_view signature_2 = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t fixed_size_2 = 16;

constexpr ProxyHeader incomplete{.state = State::incomplete};
constexpr ProxyHeader malformed{.state = State::malformed};

/// Both are the same as far as they go.
bool agree(std::string_view bytes, std::string_view signature) {
  const std::size_t size = std::min(bytes.size(), signature.size());
  return bytes.substr(0, size) == signature.substr(0, size);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return parse_number<std::uint16_t>(text);
}

/// The addresses must be of the family that was announced.
std::optional<Ip> parse_address(std::string_view text, bool is_v4) {
  return (text.find(':') == std::string_view::npos) == is_v4 ? Ip::parse(text) : std::nullopt;
}

/// TCP4 SOURCE DESTINATION PORT PORT, or TCP6.
std::optional<Ends> parse_words(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.size() != 5 || (words[0] != "TCP4" && words[0] != "TCP6")) return std::nullopt;
  const bool is_v4 = words[0] == "TCP4";
  const auto source = parse_address(words[1], is_v4);
  const auto destination = parse_address(words[2], is_v4);
  const auto source_port = parse_port(words[3]);
  const auto destination_port = parse_port(words[4]);
  if (!source || !destination || !source_port || !destination_port) return std::nullopt;
  return Ends{{.ip = *source, .port = *source_port}, {.ip = *destination, .port = *destination_port}};
}

ProxyHeader parse_version_1(std::string_view bytes) {
  const std::size_t end = bytes.substr(0, longest_1).find("\r\n");
  if (end == std::string_view::npos) return bytes.size() < longest_1 ? incomplete : malformed;
  ProxyHeader header{.state = State::complete, .size = end + 2};
  const std::string_view line = bytes.substr(signature_1.size(), end - signature_1.size());
  // The rest of such a line says nothing that could be used.
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return header;
  header.ends = parse_words(line);
  return header.ends ? header : malformed;
}

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

template <std::size_t Size>
Ip address_at(std::string_view bytes, std::size_t at) {
  std::array<std::uint8_t, Size> raw{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), Size, raw.begin());
  if constexpr (Size == 4)
    return Ip::v4(raw);
  else
    return Ip::v6(raw);
}

/// Two addresses of `Size` bytes and two ports; what follows them is passed over.
template <std::size_t Size>
std::optional<Ends> take_ends(std::string_view block) {
  if (block.size() < 2 * Size + 4) return std::nullopt;
  return Ends{{.ip = address_at<Size>(block, 0), .port = number_at(block, 2 * Size)},
              {.ip = address_at<Size>(block, Size), .port = number_at(block, 2 * Size + 2)}};
}

ProxyHeader parse_version_2(std::string_view bytes) {
  constexpr unsigned local = 0x20, proxy = 0x21, unspecified = 0x00, tcp4 = 0x11, tcp6 = 0x21;
  if (bytes.size() < fixed_size_2) return incomplete;
  const unsigned command = byte_at(bytes, signature_2.size());
  const unsigned family = byte_at(bytes, signature_2.size() + 1);
  ProxyHeader header{.state = State::complete, .size = fixed_size_2 + number_at(bytes, fixed_size_2 - 2)};
  if ((command != local && command != proxy) || header.size > longest_proxy_header) return malformed;
  if (bytes.size() < header.size) return incomplete;
  if (command == local || family == unspecified) return header;
  const std::string_view block = bytes.substr(fixed_size_2, header.size - fixed_size_2);
  if (family == tcp4) header.ends = take_ends<4>(block);
  if (family == tcp6) header.ends = take_ends<16>(block);
  return header.ends ? header : malformed;
}

}  // namespace

ProxyHeader parse_proxy_header(std::string_view bytes) {
  if (bytes.empty()) return incomplete;
  if (agree(bytes, signature_1))
    return bytes.size() < signature_1.size() ? incomplete : parse_version_1(bytes);
  return agree(bytes, signature_2) ? parse_version_2(bytes) : malformed;
}

}  // namespace qmail::ucspi
