// Options of one letter, as every qmail program takes them: "-n", "-nf value", "-fvalue". They end before
// the first argument that does not start with '-', before a lone "-", and behind "--".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

class Options {
 public:
  /// `letters` lists the options; one followed by ':' takes a value. Both must outlive this object.
  Options(const std::vector<std::string>& args, std::string_view letters) : args_(args), letters_(letters) {}

  /// The next option; none when they are over; '?' for a letter that is not listed or lacks its value:
  /// problem() then says which.
  std::optional<char> next();
  /// What the option just returned was given.
  const std::string& value() const { return value_; }
  /// "illegal option -- x" or "option requires an argument -- x".
  const std::string& problem() const { return problem_; }
  /// Passes over the letters that follow in the same argument.
  void skip_argument();
  /// The arguments behind the options.
  std::vector<std::string> rest() const;

 private:
  bool at_letter();
  char refuse(std::string_view why, char letter);

  const std::vector<std::string>& args_;
  std::string_view letters_;
  std::size_t index_ = 0;
  std::size_t position_ = 0;  ///< of the next letter in its argument; 0: before its '-'
  std::string value_;
  std::string problem_;
};

}  // namespace qmail
