#include "core/format/resolv_conf.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail::dns {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The words of a line, up to a comment that starts with one of `comment`.
std::vector<std::string_view> words(std::string_view line, std::string_view comment) {
  line = line.substr(0, line.find_first_of(comment));
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && !is_blank(line[end])) ++end;
    if (end > at) found.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return found;
}

void read_server(std::string_view word, ResolvConf& conf) {
  const std::size_t percent = word.find('%');
  const auto ip = Ip::parse(word.substr(0, percent));
  if (!ip || conf.servers.size() == ResolvConf::most_servers) return;
  const auto scope = percent == std::string_view::npos ? std::string_view() : word.substr(percent + 1);
  conf.servers.push_back({*ip, std::string(scope)});
}

void read_option(std::string_view word, ResolvConf& conf) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) return;
  const auto value = parse_number<unsigned>(word.substr(colon + 1));
  if (!value) return;
  if (word.substr(0, colon) == "timeout")
    conf.timeout_seconds = std::clamp(*value, 1u, ResolvConf::longest_timeout_seconds);
  if (word.substr(0, colon) == "attempts") conf.attempts = std::clamp(*value, 1u, ResolvConf::most_attempts);
}

}  // namespace

ResolvConf parse_resolv_conf(std::string_view text) {
  ResolvConf conf;
  for (const std::string_view line : split(text, '\n')) {
    const auto word = words(line, "#;");
    if (word.size() < 2) continue;
    if (word[0] == "nameserver") read_server(word[1], conf);
    if (word[0] == "options")
      std::for_each(word.begin() + 1, word.end(), [&](std::string_view one) { read_option(one, conf); });
    if (word[0] == "search" || word[0] == "domain") conf.search.assign(word.begin() + 1, word.end());
    if (word[0] == "lookup") {
      conf.hosts_first = word[1] == "file";
      conf.ask_servers = std::find(word.begin() + 1, word.end(), "bind") != word.end();
    }
  }
  if (conf.servers.empty()) conf.hosts_first = true;
  return conf;
}

std::vector<std::string> search_names(const ResolvConf& conf, const std::string& name) {
  if (name.ends_with('.')) return {name};
  std::vector<std::string> names;
  for (const std::string& domain : conf.search) names.push_back(name + "." + domain);
  const bool qualified = name.find('.') != std::string::npos;
  names.insert(qualified ? names.begin() : names.end(), name);
  return names;
}

std::vector<Ip> find_in_hosts(std::string_view text, std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::vector<Ip> found;
  for (const std::string_view line : split(text, '\n')) {
    const auto word = words(line, "#");
    if (word.size() < 2) continue;
    const auto ip = Ip::parse(word[0]);
    const auto is_name = [&](std::string_view alias) { return equal_nocase(alias, name); };
    if (ip && std::any_of(word.begin() + 1, word.end(), is_name)) found.push_back(*ip);
  }
  return found;
}

}  // namespace qmail::dns
