#include "installer/facts/host_name.h"

#include <algorithm>
#include <vector>

#include "core/base/text.h"
#include "installer/facts/words.h"

namespace qmail::facts {
namespace {

constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;

bool has_dot(std::string_view name) { return name.find('.') != std::string_view::npos; }

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > longest_label || label.front() == '-' || label.back() == '-')
    return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-';
  });
}

}  // namespace

std::string full_name(std::string_view name, std::string_view hosts, std::string_view resolv) {
  if (has_dot(name)) return lower(name);
  for (const std::string_view line : split(hosts, '\n')) {
    const auto parts = words(line);
    if (std::none_of(parts.begin(), parts.end(), [&](auto part) { return equal_nocase(part, name); }))
      continue;
    for (std::size_t i = 1; i < parts.size(); ++i)
      if (has_dot(parts[i]) && is_host_name(parts[i])) return lower(parts[i]);
  }
  for (const std::string_view line : split(resolv, '\n')) {
    const auto parts = words(line);
    if (parts.size() >= 2 && (parts[0] == "search" || parts[0] == "domain") && is_host_name(parts[1]))
      return lower(name) + "." + lower(parts[1]);
  }
  return lower(name);
}

bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name) return false;
  const auto labels = split(name, '.');
  return std::all_of(labels.begin(), labels.end(), is_label);
}

}  // namespace qmail::facts
