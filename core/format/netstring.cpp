#include "core/format/netstring.h"

#include <charconv>

namespace qmail {

std::optional<std::string_view> take_netstring(std::string_view& in, std::size_t limit) {
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(in.data(), in.data() + in.size(), length);
  const auto colon = static_cast<std::size_t>(end - in.data());
  if (error != std::errc{} || length > limit) return std::nullopt;
  if (colon > 1 && in.front() == '0') return std::nullopt;  // "03:abc," is not canonical
  if (in.size() < colon + 2 || in.size() - colon - 2 < length) return std::nullopt;
  if (in[colon] != ':' || in[colon + 1 + length] != ',') return std::nullopt;
  const std::string_view body = in.substr(colon + 1, length);
  in.remove_prefix(colon + length + 2);
  return body;
}

std::string netstring(std::string_view body) {
  return std::to_string(body.size()).append(":").append(body).append(",");
}

}  // namespace qmail
