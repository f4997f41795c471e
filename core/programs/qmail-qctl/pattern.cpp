#include "core/programs/qmail-qctl/pattern.h"

#include <algorithm>
#include <fnmatch.h>

#include "core/base/text.h"

namespace qmail::qctl {
namespace {

constexpr std::string_view case_counts = "/c";

}  // namespace

std::optional<Pattern> Pattern::parse(const std::string& text) {
  if (text.empty()) return std::nullopt;
  Pattern pattern(text);
  const bool is_strict = text.size() > 2 && text.ends_with(case_counts);
  const std::size_t end = text.size() - (is_strict ? 2 : 1);
  if (text.front() != '/' || end == 0 || text[end] != '/') return pattern;
  if (end == 1) return std::nullopt;
  const auto expression = std::make_shared<Expression>();
  const int flags = REG_EXTENDED | REG_NEWLINE | (is_strict ? 0 : REG_ICASE);
  const int error = ::regcomp(&expression->compiled, text.substr(1, end - 1).c_str(), flags);
  expression->is_compiled = error == 0;
  if (error != 0) return std::nullopt;
  pattern.expression_ = expression;
  return pattern;
}

bool Pattern::finds_expression(std::string_view text) const {
  regmatch_t range{};
  range.rm_eo = static_cast<regoff_t>(text.size());
  return ::regexec(&expression_->compiled, text.data(), 1, &range, REG_STARTEND) == 0;
}

bool Pattern::matches_address(std::string_view address) const {
  if (expression_) return finds_expression(address);
  return ::fnmatch(words_.c_str(), std::string(address).c_str(), FNM_CASEFOLD | FNM_NOESCAPE) == 0;
}

bool Pattern::is_found_in(std::string_view text) const {
  if (expression_) return finds_expression(text);
  const auto is_same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), words_.begin(), words_.end(), is_same) != text.end();
}

}  // namespace qmail::qctl
