// Structured header fields as tokens: words, quoted strings, comments, and the marks between them.
// RFC 822 section 3.3, read as liberally as qmail always did: any byte may stand in a word. qmail-header(5).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail::header {

/// The first four carry text, the others are one character each.
enum class Kind { atom, quoted, literal, comment, left, right, at, comma, semicolon, colon, dot };

struct Token {
  Kind kind;
  std::string text = "";  ///< without its quotes, brackets, inner parentheses and backslashes
  bool operator==(const Token&) const = default;
};

using Tokens = std::vector<Token>;

/// The whole of `text` as tokens; none if it holds a closing bracket or parenthesis without its partner, or
/// ends inside a quoted string, a comment or a literal.
std::optional<Tokens> parse_tokens(std::string_view text);

/// The tokens as a header field, ended by a newline, folded behind commas so that lines stay within 80
/// characters where they can.
std::string print_tokens(const Tokens& tokens);

/// An address as it stands in an envelope: without comments and quotes.
std::string envelope_address(const Tokens& address);

}  // namespace qmail::header
