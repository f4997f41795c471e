#include "core/smtp/received.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/format/datetime.h"

namespace qmail {
namespace {

bool is_safe(char c) {
  if ((lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9')) return true;
  return std::string_view(".@%+/=:-[]").find(c) != std::string_view::npos;
}

std::string safe(std::string_view text, std::string_view also_safe = "") {
  std::string result(text);
  const auto is_odd = [&](char c) { return !is_safe(c) && also_safe.find(c) == std::string_view::npos; };
  std::replace_if(result.begin(), result.end(), is_odd, '?');
  return result;
}

/// "TLSv1.3 TLS_AES_256_GCM_SHA384"
std::optional<std::string> agreed_on(const Environment& environment) {
  const auto protocol = environment.find("SSL_PROTOCOL");
  if (!protocol) return std::nullopt;
  return safe(*protocol) + " " + safe(environment.get("SSL_CIPHER", "unknown"), "_");
}

}  // namespace

Trace Trace::from(const Environment& environment) {
  const auto copy = [&](std::string_view name) {
    const auto value = environment.find(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
  };
  return {.local = std::string(environment.get("TCPLOCALHOST", environment.get("TCPLOCALIP", "unknown"))),
          .remote_ip = copy("TCPREMOTEIP").value_or("unknown"),
          .remote_host = copy("TCPREMOTEHOST").value_or("unknown"),
          .remote_info = copy("TCPREMOTEINFO"),
          .secured_by = agreed_on(environment)};
}

std::string received_field(const Trace& trace, std::string_view helo, std::string_view protocol,
                           std::int64_t now) {
  std::string field = "Received: from " + safe(trace.remote_host);
  if (!equal_nocase(helo, trace.remote_host)) field += " (HELO " + safe(helo) + ")";
  field += " (";
  if (trace.remote_info) field += safe(*trace.remote_info) + "@";
  field += safe(trace.remote_ip) + ")\n  by " + safe(trace.local) + " with " + std::string(protocol);
  if (trace.secured_by) field += " (" + *trace.secured_by + ")";
  return field + "; " + rfc5322_date(now) + "\n";
}

}  // namespace qmail
