#include "patches-integrated/starttls-client/policy.h"

#include <array>

#include "core/base/text.h"
#include "core/control/lookup.h"
#include "core/format/ip.h"

namespace qmail::features::starttls_client {
namespace {

constexpr std::array<std::string_view, 5> words{"none", "may", "encrypt", "verify", "fingerprint"};

/// An address has many forms, and is looked up by one.
std::string key_of(std::string_view host) {
  const auto literal = parse_address_literal(host);
  const auto ip = literal ? literal : Ip::parse(host);
  return ip ? ip->text() : lower(host);
}

bool is_name(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-._";
  return !text.empty() && lower(text).find_first_not_of(allowed) == std::string::npos;
}

/// Where the host of a line ends.
std::size_t end_of_host(std::string_view line) {
  const std::size_t bracket = line.starts_with('[') ? line.find(']') : std::string_view::npos;
  return line.find(':', bracket == std::string_view::npos ? 0 : bracket);
}

}  // namespace

std::optional<Policy> parse_policy(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!equal_nocase(word, words[i])) continue;
    Policy policy{static_cast<Kind>(i)};
    if (colon != std::string_view::npos) policy.argument = text.substr(colon + 1);
    const bool may_have_name = policy.kind == Kind::verify && is_name(policy.argument);
    const bool has_wrong_argument =
        colon != std::string_view::npos && policy.kind != Kind::fingerprint && !may_have_name;
    // Any name would do here: the server's is not known yet.
    if (has_wrong_argument || !tls::makes_sense(request_for(policy, "server"))) return std::nullopt;
    return policy;
  }
  return std::nullopt;
}

std::string text_of(const Policy& policy) {
  const std::string word(words[static_cast<std::size_t>(policy.kind)]);
  return policy.argument.empty() ? word : word + ":" + policy.argument;
}

tls::Request request_for(const Policy& policy, const std::string& server) {
  tls::Request request{.role = tls::Role::client, .name = server};
  if (policy.kind == Kind::verify) {
    request.verify = tls::Verify::name;
    if (!policy.argument.empty()) request.name = policy.argument;
  } else if (policy.kind == Kind::fingerprint) {
    request.verify = tls::Verify::sha256;
    request.sha256 = policy.argument;
  }
  return request;
}

std::optional<Policy> policy_of(std::string_view line) {
  const std::size_t end = end_of_host(line);
  return end == std::string_view::npos ? std::nullopt : parse_policy(line.substr(end + 1));
}

Policies Policies::of(const std::vector<std::string>& lines) {
  Policies policies;
  for (const std::string& line : lines) {
    const auto policy = policy_of(line);
    policies.by_host_[key_of(std::string_view(line).substr(0, end_of_host(line)))] =
        policy ? Found(*policy) : Found(BadLine{line});
  }
  return policies;
}

Policies::Found Policies::find(std::string_view host) const {
  const auto found = find_by_suffix(std::string_view(key_of(host)), [&](std::string_view part) {
    const auto at = by_host_.find(part);
    return at == by_host_.end() ? std::nullopt : std::optional(at->second);
  });
  return found.value_or(Policy{});
}

}  // namespace qmail::features::starttls_client
