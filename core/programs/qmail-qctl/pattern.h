// What an address or a text may be asked to look like. qmail-qctl(8).
#pragma once
#include <memory>
#include <optional>
#include <regex.h>
#include <string>
#include <string_view>

namespace qmail::qctl {

/// "/REGEX/" is an extended regular expression of POSIX for which the case of letters does not count,
/// "/REGEX/c" one for which it does. Anything else stands for itself, whatever its case, but that in
/// addresses * is any text and ? any character.
class Pattern {
 public:
  /// None if it is empty or the regular expression is none.
  static std::optional<Pattern> parse(const std::string& text);

  /// The whole of it is as the words say, or the regular expression is found in it.
  bool matches_address(std::string_view address) const;
  /// The words, or the regular expression, are found in it; ^ and $ are the ends of lines.
  bool is_found_in(std::string_view text) const;

 private:
  struct Expression {
    regex_t compiled{};
    bool is_compiled = false;
    ~Expression() {
      if (is_compiled) ::regfree(&compiled);
    }
  };
  explicit Pattern(std::string words) : words_(std::move(words)) {}
  bool finds_expression(std::string_view text) const;

  std::string words_;
  std::shared_ptr<const Expression> expression_;  ///< null: the words count
};

}  // namespace qmail::qctl
