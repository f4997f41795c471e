// The environment as a value: taken once at the start, looked up by name, changed only in the copy.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/failure.h"

namespace qmail {

class Environment {
 public:
  Environment() = default;
  Environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables);
  /// `entries` as in environ(7); entries without '=' are dropped.
  static Environment from(const char* const* entries);

  /// Valid until the variable is next changed. With a name given twice the first one counts.
  std::optional<std::string_view> find(std::string_view name) const;
  std::string_view get(std::string_view name, std::string_view otherwise = "") const {
    return find(name).value_or(otherwise);
  }
  /// The decimal number that its value starts with, 0 if that starts with none; `otherwise` if it is not set.
  std::uint64_t number(std::string_view name, std::uint64_t otherwise) const;
  /// Its value; throws Failure "NAME not set" with `code` if it is not.
  std::string_view require(std::string_view name, Exit code) const;
  void set(std::string_view name, std::string_view value);
  void unset(std::string_view name);
  /// "NAME=value", in order.
  const std::vector<std::string>& entries() const noexcept { return entries_; }

 private:
  std::vector<std::string> entries_;
};

}  // namespace qmail
