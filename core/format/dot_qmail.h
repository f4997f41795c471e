// .qmail files: what to do with a message for one address, one instruction a line. dot-qmail(5).
#pragma once
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

}  // namespace qmail
