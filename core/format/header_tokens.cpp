#include "core/format/header_tokens.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qmail::header {
namespace {

constexpr std::size_t widest_line = 80;
constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view atom_ends = " \t\r\n([\"<>;:@,.";

constexpr std::array<std::pair<char, Kind>, 7> marks{{{'<', Kind::left},
                                                      {'>', Kind::right},
                                                      {'@', Kind::at},
                                                      {',', Kind::comma},
                                                      {';', Kind::semicolon},
                                                      {':', Kind::colon},
                                                      {'.', Kind::dot}}};

/// What stands around the text of a token that needs it.
struct Enclosure {
  Kind kind;
  char open;
  char close;
};
constexpr std::array<Enclosure, 3> enclosures{
    {{Kind::quoted, '"', '"'}, {Kind::literal, '[', ']'}, {Kind::comment, '(', ')'}}};

bool has(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

/// Comments nest: their inner parentheses are counted and dropped.
std::optional<Token> take_enclosed(std::string_view& in, const Enclosure& enclosure) {
  Token token{enclosure.kind};
  std::size_t depth = 1;
  for (std::size_t at = 1; at < in.size(); ++at) {
    if (in[at] == enclosure.close) {
      if (--depth > 0) continue;
      in.remove_prefix(at + 1);
      return token;
    }
    if (in[at] == enclosure.open && enclosure.kind == Kind::comment) {
      ++depth;
      continue;
    }
    if (in[at] == '\\' && ++at == in.size()) return std::nullopt;
    token.text += in[at];
  }
  return std::nullopt;
}

/// Some words are no atoms in the strict sense and will have to be printed in quotes.
bool must_be_quoted(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 32 || byte > 126 || has(")]\\", c);
  });
}

Token take_atom(std::string_view& in) {
  Token token{Kind::atom};
  std::size_t at = 0;
  do {
    if (in[at] == '\\' && ++at == in.size()) break;
    token.text += in[at++];
  } while (at < in.size() && !has(atom_ends, in[at]));
  in.remove_prefix(at);
  if (must_be_quoted(token.text)) token.kind = Kind::quoted;
  return token;
}

std::optional<Token> take_token(std::string_view& in) {
  const char first = in.front();
  for (const auto& [mark, kind] : marks) {
    if (first != mark) continue;
    in.remove_prefix(1);
    return Token{kind};
  }
  for (const Enclosure& enclosure : enclosures)
    if (first == enclosure.open) return take_enclosed(in, enclosure);
  if (first == ')' || first == ']') return std::nullopt;
  return take_atom(in);
}

bool is_word(Kind kind) {
  return kind == Kind::atom || kind == Kind::quoted || kind == Kind::literal || kind == Kind::comment;
}

bool parted_by_space(Kind left, Kind right) {
  return left == Kind::colon || left == Kind::comma || right == Kind::left ||
         (is_word(left) && is_word(right));
}

/// Text in which every place where a line may end is tried: the break stays only if the line with what
/// follows, up to the next such place, would be too long.
class FoldedText {
 public:
  void put(char c) { text_ += c; }
  void allow_break() {
    if (last_break_ && text_.size() - line_start_ <= widest_line) {
      text_.erase(*last_break_, 2);
    } else if (last_break_) {
      line_start_ = *last_break_ + 1;
    }
    last_break_ = text_.size();
    text_ += "\n ";
  }
  std::string finish() {
    allow_break();
    text_.pop_back();
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t line_start_ = 0;
  std::optional<std::size_t> last_break_;
};

void put_word(FoldedText& out, const Token& token) {
  const auto enclosure = std::find_if(enclosures.begin(), enclosures.end(),
                                      [&](const Enclosure& e) { return e.kind == token.kind; });
  if (enclosure != enclosures.end()) out.put(enclosure->open);
  for (const char c : token.text) {
    if (has("\"[]()\\\r\n", c)) out.put('\\');
    out.put(c);
  }
  if (enclosure != enclosures.end()) out.put(enclosure->close);
}

char mark_of(Kind kind) {
  for (const auto& [mark, of] : marks)
    if (of == kind) return mark;
  return ' ';
}

}  // namespace

std::optional<Tokens> parse_tokens(std::string_view text) {
  Tokens tokens;
  while (!text.empty()) {
    if (has(blanks, text.front())) {
      text.remove_prefix(1);
      continue;
    }
    auto token = take_token(text);
    if (!token) return std::nullopt;
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

std::string print_tokens(const Tokens& tokens) {
  FoldedText out;
  const Token* before = nullptr;
  for (const Token& token : tokens) {
    if (before != nullptr && parted_by_space(before->kind, token.kind)) out.put(' ');
    before = &token;
    if (is_word(token.kind)) {
      put_word(out, token);
      continue;
    }
    out.put(mark_of(token.kind));
    if (token.kind == Kind::comma) out.allow_break();
  }
  return out.finish();
}

std::string envelope_address(const Tokens& address) {
  std::string text;
  for (const Token& token : address) {
    if (token.kind == Kind::comment) continue;
    if (token.kind == Kind::literal) {
      text.append("[").append(token.text).append("]");
    } else if (is_word(token.kind)) {
      text += token.text;
    } else {
      text += mark_of(token.kind);
    }
  }
  return text;
}

}  // namespace qmail::header
