#include "patches-integrated/smtp-auth-client/account.h"

#include "core/base/text.h"
#include "core/control/lookup.h"

namespace qmail::features::smtp_auth_client {
namespace {

constexpr std::string_view in_clear_mark = " in-clear";

}  // namespace

std::optional<Account> parse_account(std::string_view text) {
  const std::size_t first = text.find('|');
  const std::size_t second = first == std::string_view::npos ? first : text.find('|', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  std::string_view relay = text.substr(0, first);
  Account account{.relay = {},
                  .user = std::string(text.substr(first + 1, second - first - 1)),
                  .password = std::string(text.substr(second + 1)),
                  .in_clear = relay.ends_with(in_clear_mark)};
  if (account.in_clear) relay.remove_suffix(in_clear_mark.size());
  const auto route = smtpc::parse_route(relay);
  if (!route || route->host.empty() || relay.find_first_of(" \t") != std::string_view::npos)
    return std::nullopt;
  account.relay = *route;
  // The mechanisms put a NUL between what they send.
  if (account.user.empty() || account.password.empty() || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  return account;
}

Entry parse_entry(std::string_view line) {
  const std::size_t end = std::min(line.find_first_of(":|"), line.size());
  const bool has_value = end < line.size() && line[end] == ':';
  return {std::string(line.substr(0, end)), has_value ? parse_account(line.substr(end + 1)) : std::nullopt};
}

void Accounts::add(std::string_view line) {
  Entry entry = parse_entry(line);
  std::string key = lower(entry.key);
  entries_.insert_or_assign(std::move(key), std::move(entry));
}

Accounts Accounts::of_senders(const std::vector<std::string>& lines) {
  Accounts accounts;
  for (const std::string& line : lines) accounts.add(line);
  return accounts;
}

Accounts Accounts::of_routes(const std::vector<std::string>& lines) {
  Accounts accounts;
  bool has_login = false;
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    if (line.find('|', colon) == std::string::npos)
      accounts.entries_[lower(std::string_view(line).substr(0, colon))] = std::nullopt;
    else
      accounts.add(line);
    has_login = has_login || line.find('|', colon) != std::string::npos;
  }
  return has_login ? accounts : Accounts();
}

const Entry* Accounts::find(std::string_view key) const {
  const auto found = entries_.find(lower(key));
  return found == entries_.end() || !found->second ? nullptr : &*found->second;
}

const Entry* Accounts::find_sender(std::string_view sender) const {
  if (const Entry* own = find(sender)) return own;
  const std::size_t at = sender.rfind('@');
  const Entry* const of_host = at == std::string_view::npos ? nullptr : find(sender.substr(at));
  return of_host != nullptr ? of_host : find("");
}

const Entry* Accounts::find_host(std::string_view host) const {
  const auto line = find_by_suffix(host, [&](std::string_view part) {
    const auto found = entries_.find(lower(part));
    return found == entries_.end() ? std::nullopt : std::optional(&found->second);
  });
  return line && *line && **line ? &***line : nullptr;
}

}  // namespace qmail::features::smtp_auth_client
