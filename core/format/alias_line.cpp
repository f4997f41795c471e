#include "core/format/alias_line.h"

#include <algorithm>
#include <utility>

#include "core/format/header_tokens.h"

namespace qmail {
namespace {

using header::Kind;
using header::Token;
using header::Tokens;

/// Reads from the end to the start, as addresses of a header field are read (header_addresses.h). Colons and
/// semicolons part nothing: "a: b" is two addresses because two words follow each other.
class AliasLine {
 public:
  explicit AliasLine(const Tokens& tokens) : tokens_(tokens), left_(tokens.size()) {}

  /// False on bad syntax.
  bool read();
  std::vector<AliasItem> take() { return std::move(items_); }

 private:
  bool step(const Token& token);
  bool bracketed();
  void take_include();
  void word(const Token& token);
  void put(AliasItem::Kind kind);
  void end_address() {
    if (!address_.empty()) put(AliasItem::Kind::address);
  }
  bool at(Kind kind) const { return left_ > 0 && tokens_[left_ - 1].kind == kind; }

  const Tokens& tokens_;
  std::size_t left_;
  Tokens address_;  ///< last token first
  bool word_fits_ = true;
  std::vector<AliasItem> items_;
};

bool AliasLine::read() {
  while (left_ > 0)
    if (!step(tokens_[--left_])) return false;
  end_address();
  return true;
}

bool AliasLine::step(const Token& token) {
  switch (token.kind) {
    case Kind::semicolon:
    case Kind::comment: return true;
    case Kind::colon: take_include(); return true;
    case Kind::right: return bracketed();
    case Kind::atom:
    case Kind::quoted:
    case Kind::literal: word(token); return true;
    case Kind::comma:
      end_address();
      word_fits_ = true;
      return true;
    case Kind::left:
    case Kind::at:
    case Kind::dot: break;
  }
  word_fits_ = true;
  address_.push_back(token);
  return true;
}

void AliasLine::take_include() {
  if (left_ < 2 || tokens_[left_ - 1] != Token{Kind::atom, "include"}) return;
  if (tokens_[left_ - 2].kind != Kind::colon) return;
  left_ -= 2;
  put(AliasItem::Kind::include);
}

bool AliasLine::bracketed() {
  end_address();
  while (left_ > 0 && !at(Kind::left)) address_.push_back(tokens_[--left_]);
  put(AliasItem::Kind::address);
  if (left_ == 0) return false;
  --left_;
  while (at(Kind::comment) || at(Kind::atom) || at(Kind::quoted) || at(Kind::at) || at(Kind::dot)) --left_;
  word_fits_ = false;
  return true;
}

void AliasLine::word(const Token& token) {
  if (!word_fits_) end_address();
  word_fits_ = false;
  address_.push_back(token);
}

void AliasLine::put(AliasItem::Kind kind) {
  std::reverse(address_.begin(), address_.end());
  const bool has_at =
      std::any_of(address_.begin(), address_.end(), [](const Token& t) { return t.kind == Kind::at; });
  items_.push_back({kind, header::envelope_address(address_), has_at});
  address_.clear();
}

}  // namespace

std::optional<std::vector<AliasItem>> parse_alias_line(std::string_view line) {
  const auto tokens = header::parse_tokens(line);
  if (!tokens) return std::nullopt;
  AliasLine reader(*tokens);
  if (!reader.read()) return std::nullopt;
  return reader.take();
}

}  // namespace qmail
