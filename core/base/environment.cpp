#include "core/base/environment.h"

#include "core/base/text.h"

namespace qmail {
namespace {

bool is_for(const std::string& entry, std::string_view name) {
  return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

}  // namespace

Environment::Environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables) {
  for (const auto& [name, value] : variables) set(name, value);
}

Environment Environment::from(const char* const* entries) {
  Environment result;
  for (; entries != nullptr && *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    if (entry.find('=') != std::string_view::npos) result.entries_.emplace_back(entry);
  }
  return result;
}

std::optional<std::string_view> Environment::find(std::string_view name) const {
  for (const std::string& entry : entries_)
    if (is_for(entry, name)) return std::string_view(entry).substr(name.size() + 1);
  return std::nullopt;
}

std::uint64_t Environment::number(std::string_view name, std::uint64_t otherwise) const {
  auto value = find(name);
  return value ? take_number<std::uint64_t>(*value).value_or(0) : otherwise;
}

std::string_view Environment::require(std::string_view name, Exit code) const {
  if (const auto value = find(name)) return *value;
  throw Failure(code, std::string(name) + " not set");
}

void Environment::set(std::string_view name, std::string_view value) {
  unset(name);
  entries_.push_back(std::string(name) + "=" + std::string(value));
}

void Environment::unset(std::string_view name) {
  std::erase_if(entries_, [&](const std::string& entry) { return is_for(entry, name); });
}

}  // namespace qmail
