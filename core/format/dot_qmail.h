// .qmail files: what to do with a message for one address, one instruction a line. dot-qmail(5).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

struct Instruction {
  enum class Kind {
    blank_first_line,  ///< a file that starts with a blank line must defer the mail
    maildir,           ///< deliver to the maildir `text`, which ends in '/'
    mbox,              ///< append to the mbox `text`
    program,           ///< run `text` with /bin/sh
    forward,           ///< forward to the address `text`
    forward_only,      ///< "+list": from here on only forward instructions are allowed
  };
  Kind kind;
  std::string_view text;
  bool operator==(const Instruction&) const = default;
};

/// The instructions of `text` in order, without comments and without blanks at the ends of lines. Total: any
/// bytes mean something. Views point into `text`; a NUL ends its line, as it does in stock.
std::vector<Instruction> parse_dot_qmail(std::string_view text);

/// A file that may be in charge of an address.
struct DotQmailName {
  std::string name;
  std::optional<std::size_t> default_at =
      std::nullopt;  ///< where in the extension "default" begins to stand for it
};
/// The names in the order in which they are looked for: .qmail, dash and extension, in lower case and with
/// ':' for '.'; then those with "default" for the end of the extension behind a '-'.
std::vector<DotQmailName> dot_qmail_names(std::string_view dash, std::string_view ext);
/// What stands in such a name for an extension.
std::string dot_qmail_extension(std::string_view ext);

}  // namespace qmail
