#include "core/format/completion.h"

#include <algorithm>

#include "core/format/header_addresses.h"

namespace qmail::header {
namespace {

/// "x@[]": no host at all, as in the senders of bounces and of VERP.
bool is_without_host_on_purpose(const Tokens& address) {
  return address.size() >= 2 && address[address.size() - 2].kind == Kind::at &&
         address.back() == Token{Kind::literal};
}

/// "@one,@two:x@host" is x@host; a route without its colon leaves nothing.
void drop_route(Tokens& address) {
  if (address.front().kind != Kind::at) return;
  const auto colon =
      std::find_if(address.begin(), address.end(), [](const Token& t) { return t.kind == Kind::colon; });
  address.erase(address.begin(), colon == address.end() ? colon : colon + 1);
}

void drop_last(Tokens& address, Kind kind) {
  if (!address.empty() && address.back().kind == kind) address.pop_back();
}

Tokens tokens_of(const std::string& line) {
  auto tokens = parse_tokens(line);
  if (!tokens) throw unparsable(line);
  return std::move(*tokens);
}

void append(Tokens& address, const Tokens& more) { address.insert(address.end(), more.begin(), more.end()); }

}  // namespace

std::optional<std::string> rewrite_field(const std::string& line, const Rewrite& rewrite) {
  const auto tokens = parse_tokens(line);
  if (!tokens) return std::nullopt;
  const auto rewritten = rewrite_addresses(*tokens, rewrite);
  return rewritten ? std::optional(print_tokens(*rewritten)) : std::nullopt;
}

Failure unparsable(const std::string& line) {
  const std::string_view text = std::string_view(line).substr(0, line.size() - line.ends_with('\n'));
  return {Exit::permanent, "unable to parse this line:\n" + std::string(text)};
}

Completion::Completion(const std::string& default_host, const std::string& default_domain,
                       const std::string& plus_domain)
    : at_default_host_(tokens_of("@" + default_host)),
      dot_default_domain_(tokens_of("." + default_domain)),
      dot_plus_domain_(tokens_of("." + plus_domain)) {}

void Completion::complete(Tokens& address) const {
  if (address.empty() || is_without_host_on_purpose(address)) return;
  drop_route(address);
  drop_last(address, Kind::dot);
  drop_last(address, Kind::at);
  if (address.empty()) return;
  add_host(address);
  add_plus_domain(address);
  add_domain(address);
}

void Completion::add_host(Tokens& address) const {
  const bool has_host =
      std::any_of(address.begin(), address.end(), [](const Token& t) { return t.kind == Kind::at; });
  if (!has_host) append(address, at_default_host_);
}

void Completion::add_plus_domain(Tokens& address) const {
  Token& last = address.back();
  if (last.kind != Kind::atom || !last.text.ends_with('+')) return;
  last.text.pop_back();
  append(address, dot_plus_domain_);
}

void Completion::add_domain(Tokens& address) const {
  for (auto token = address.rbegin(); token != address.rend() && token->kind != Kind::at; ++token)
    if (token->kind == Kind::dot || token->kind == Kind::literal) return;
  append(address, dot_default_domain_);
}

}  // namespace qmail::header
