#include "core/format/address.h"

#include <algorithm>

namespace qmail {
namespace {

/// RFC 822 atom characters; stock quotes everything else, and every byte above 127.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 32 && byte < 127 && std::string_view("()<>@,;:\\\"[]").find(c) == std::string_view::npos;
}

bool needs_quotes(std::string_view local) {
  if (local.empty() || local.front() == '.' || local.back() == '.') return true;
  if (local.find("..") != std::string_view::npos) return true;
  return !std::all_of(local.begin(), local.end(), is_plain);
}

}  // namespace

AddressParts divide(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return {address, {}, false};
  return {address.substr(0, at), address.substr(at + 1), true};
}

std::string quote_local(std::string_view local) {
  if (!needs_quotes(local)) return std::string(local);
  std::string quoted = "\"";
  for (const char c : local) {
    if (c == '\r' || c == '\n' || c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string quote_address(std::string_view address) {
  if (address.empty()) return "";
  const AddressParts parts = divide(address);
  std::string quoted = quote_local(parts.local);
  if (parts.has_host) quoted.append("@").append(parts.host);
  return quoted;
}

}  // namespace qmail
