// Options of one letter, as every qmail program takes them: "-n", "-nf value", "-fvalue". They end before
// the first argument that does not start with '-', before a lone "-", and behind "--". A program may take
// some by name too: "--name", "--name value", "--name=value".
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

struct NamedOption {
  std::string_view name;
  char code;  ///< what next() returns for it
  bool takes_value;
};

class Options {
 public:
  /// `letters` lists the options; one followed by ':' takes a value. All must outlive this object. Without
  /// `names`, every argument that starts with "--" ends the options.
  Options(const std::vector<std::string>& args, std::string_view letters,
          std::span<const NamedOption> names = {})
      : args_(args), letters_(letters), names_(names) {}

  /// The next option; none when they are over; '?' for a letter that is not listed or lacks its value:
  /// problem() then says which.
  std::optional<char> next();
  /// What the option just returned was given.
  const std::string& value() const { return value_; }
  /// "illegal option -- x" or "option requires an argument -- x", or what is wrong with one by name.
  const std::string& problem() const { return problem_; }
  /// Passes over the letters that follow in the same argument.
  void skip_argument();
  /// The arguments behind the options.
  std::vector<std::string> rest() const;

 private:
  bool at_letter();
  bool at_name() const;
  char take_name();
  char refuse(std::string_view why, std::string_view option);

  const std::vector<std::string>& args_;
  std::string_view letters_;
  std::span<const NamedOption> names_;
  std::size_t index_ = 0;
  std::size_t position_ = 0;  ///< of the next letter in its argument; 0: before its '-'
  std::string value_;
  std::string problem_;
};

}  // namespace qmail
