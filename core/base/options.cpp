#include "core/base/options.h"

#include <algorithm>

namespace qmail {

bool Options::at_letter() {
  if (position_ > 0 && position_ == args_[index_].size()) {
    ++index_;
    position_ = 0;
  }
  if (index_ == args_.size()) return false;
  if (position_ > 0) return true;
  const std::string& argument = args_[index_];
  if (argument.size() < 2 || argument.front() != '-') return false;
  if (argument[1] == '-' && !at_name()) {
    ++index_;
    return false;
  }
  position_ = 1;
  return true;
}

bool Options::at_name() const {
  return !names_.empty() && position_ <= 1 && args_[index_].starts_with("--") && args_[index_].size() > 2;
}

char Options::refuse(std::string_view why, std::string_view option) {
  problem_ = std::string(why).append(" -- ").append(option);
  return '?';
}

char Options::take_name() {
  const std::string_view argument = std::string_view(args_[index_++]).substr(2);
  position_ = 0;
  const std::string_view name = argument.substr(0, argument.find('='));
  const auto found = std::find_if(names_.begin(), names_.end(),
                                  [&](const NamedOption& option) { return option.name == name; });
  const bool has_value = name.size() < argument.size();
  if (found == names_.end()) return refuse("illegal option", name);
  if (has_value && !found->takes_value) return refuse("option takes no argument", name);
  if (has_value) value_ = argument.substr(name.size() + 1);
  if (has_value || !found->takes_value) return found->code;
  if (index_ == args_.size()) return refuse("option requires an argument", name);
  value_ = args_[index_++];
  return found->code;
}

std::optional<char> Options::next() {
  value_.clear();
  if (!at_letter()) return std::nullopt;
  if (at_name()) return take_name();
  const std::string& argument = args_[index_];
  const char letter = argument[position_++];
  const std::size_t found = letter == ':' ? std::string_view::npos : letters_.find(letter);
  if (found == std::string_view::npos) return refuse("illegal option", {&letter, 1});
  if (!letters_.substr(found + 1).starts_with(':')) return letter;
  value_ = argument.substr(position_);
  ++index_;
  position_ = 0;
  if (!value_.empty()) return letter;
  if (index_ == args_.size()) return refuse("option requires an argument", {&letter, 1});
  value_ = args_[index_++];
  return letter;
}

void Options::skip_argument() {
  if (position_ > 0) position_ = args_[index_].size();
}

std::vector<std::string> Options::rest() const {
  return {args_.begin() + static_cast<std::ptrdiff_t>(index_), args_.end()};
}

}  // namespace qmail
