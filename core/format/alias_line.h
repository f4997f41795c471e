// The addresses of a line of /etc/aliases, of an :include: file and of a .forward file, written as in a
// header field but without groups: colons have another use there. newaliases(1), newinclude(1),
// dot-forward(1).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

struct AliasItem {
  enum class Kind {
    address,
    include,  ///< what stands behind ":include:"
  };
  Kind kind;
  std::string text;  ///< without quotes and comments; may be empty
  bool has_at;       ///< it has an '@' outside of quotes: then it is an address, whatever it starts with
  bool operator==(const AliasItem&) const = default;
};

/// The items of `line`, the last one first: in that order they are obeyed. None on bad syntax.
std::optional<std::vector<AliasItem>> parse_alias_line(std::string_view line);

}  // namespace qmail
