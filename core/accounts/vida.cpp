#include "core/accounts/vida.h"

#include <algorithm>

#include "core/accounts/mail_user.h"
#include "core/base/text.h"
#include "core/control/lookup.h"
#include "core/format/cdb.h"

namespace qmail::accounts::vida {
namespace {

constexpr std::string_view scram_mark = "{SCRAM-SHA-256}";

/// Up to the next colon, which is taken too; `rest` is none behind the last one.
std::string_view take_field(std::optional<std::string_view>& rest) {
  const std::size_t colon = rest->find(':');
  const std::string_view field = rest->substr(0, colon);
  rest = colon == std::string_view::npos ? std::nullopt : std::optional(rest->substr(colon + 1));
  return field;
}

std::optional<std::string> charge_of(const std::string& user, const std::string& host,
                                     const Control& control) {
  const NoCaseMap domains =
      NoCaseMap::of_pairs(control.lines("virtualdomains").value_or(std::vector<std::string>()));
  const auto find = [&](std::string_view key) { return domains.find(key); };
  auto prefix = find(user + "@" + host);
  if (!prefix) prefix = find_by_suffix(host, find);
  return prefix ? std::optional(std::string(*prefix)) : std::nullopt;
}

bool is_local(const std::string& host, const Control& control) {
  const auto locals = control.lines_or_me("locals");
  return locals && NoCaseMap::of_lines(*locals).contains(host);
}

/// The owners that `prefix` can mean, as for qmail-getpw the longest first.
std::vector<Place> owners_of(const std::string& prefix, const std::string& user) {
  std::vector<Place> places{{prefix, user}};
  for (std::size_t dash = prefix.rfind('-'); dash != std::string::npos && dash > 0;
       dash = prefix.rfind('-', dash - 1))
    places.push_back({prefix.substr(0, dash), prefix.substr(dash + 1) + "-" + user});
  return places;
}

}  // namespace

bool is_home(std::string_view home) {
  if (home.empty() || home.front() == '/' || home.find(':') != std::string_view::npos) return false;
  if (has_control_character(home)) return false;
  const auto parts = split(home, '/');
  return std::none_of(parts.begin(), parts.end(),
                      [](std::string_view part) { return part == ".." || part.empty(); });
}

std::optional<Record> parse_record(std::string_view data) {
  const std::size_t first = data.find(':');
  if (first == std::string_view::npos || has_control_character(data)) return std::nullopt;
  Record record{.hash = std::string(data.substr(0, first))};
  std::optional<std::string_view> rest = data.substr(first + 1);
  record.home = take_field(rest);
  if (!is_home(record.home)) return std::nullopt;
  if (rest && rest->starts_with(scram_mark)) {
    auto behind = rest;
    record.scram = parse_scram_keys(take_field(behind).substr(scram_mark.size()));
    if (record.scram) rest = behind;
  }
  if (rest) record.secret = *rest;
  return record;
}

std::string bytes_of(const Record& record) {
  std::string data = record.hash + ":" + record.home;
  if (record.scram) data.append(":").append(scram_mark).append(text_of(*record.scram));
  if (record.secret) data.append(":").append(*record.secret);
  return data;
}

std::optional<Users> parse_users(std::string_view cdb) {
  const CdbView view(cdb);
  if (!view.is_whole()) return std::nullopt;
  Users users;
  bool is_right = true;
  view.each([&](std::string_view name, std::string_view data) {
    auto record = parse_record(data);
    is_right = record && problem_of_login(name).empty() && users.emplace(name, std::move(*record)).second;
    return is_right;
  });
  return is_right ? std::optional(std::move(users)) : std::nullopt;
}

std::optional<std::string> build_users(const Users& users) {
  CdbBuilder builder;
  for (const auto& [name, record] : users)
    if (!builder.add(name, bytes_of(record))) return std::nullopt;
  return builder.finish();
}

Reading Reading::of(const Environment& environment) {
  Reading reading;
  reading.owner = environment.get("DOMAINOWNER");
  reading.delimiters = environment.get("DOMAINDELIMITERS", reading.delimiters);
  return reading;
}

std::vector<Place> places_of(std::string_view login, const Reading& reading, const Control& control) {
  const std::size_t at = login.find_last_of(reading.delimiters);
  const std::string user = lower(login.substr(0, at));
  if (!problem_of_login(user).empty()) return {};
  if (!reading.owner.empty()) return {{reading.owner, user}};
  if (at == std::string_view::npos) return {{user, user}};
  const std::string host = lower(login.substr(at + 1));
  const auto prefix = charge_of(user, host, control);
  if (prefix && !prefix->empty()) return owners_of(*prefix, user);
  if (is_local(host, control)) return {{user, user}};
  return {};
}

}  // namespace qmail::accounts::vida
