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
  if (argument[1] == '-') {
    ++index_;
    return false;
  }
  position_ = 1;
  return true;
}

char Options::refuse(std::string_view why, char letter) {
  problem_ = std::string(why) + " -- " + letter;
  return '?';
}

std::optional<char> Options::next() {
  value_.clear();
  if (!at_letter()) return std::nullopt;
  const std::string& argument = args_[index_];
  const char letter = argument[position_++];
  const std::size_t found = letter == ':' ? std::string_view::npos : letters_.find(letter);
  if (found == std::string_view::npos) return refuse("illegal option", letter);
  if (!letters_.substr(found + 1).starts_with(':')) return letter;
  value_ = argument.substr(position_);
  ++index_;
  position_ = 0;
  if (!value_.empty()) return letter;
  if (index_ == args_.size()) return refuse("option requires an argument", letter);
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
