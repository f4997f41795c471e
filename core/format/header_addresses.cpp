#include "core/format/header_addresses.h"

#include <algorithm>
#include <span>

namespace qmail::header {
namespace {

constexpr std::size_t name_and_colon = 2;

/// Reads a field from its end to its start: in that direction it is clear at once whether what stands
/// before an address is its phrase, its group or the next address.
class AddressList {
 public:
  AddressList(std::span<const Token> list, const std::function<void(Tokens&)>& rewrite)
      : list_(list), rewrite_(rewrite) {}

  /// False on bad syntax.
  bool read() {
    while (!list_.empty())
      if (!step()) return false;
    end_address();
    return true;
  }
  /// What was read, last token first.
  Tokens take_reversed() { return std::move(out_); }

 private:
  bool step();
  bool open_group();
  bool close_group();
  bool bracketed();
  void word();

  Kind kind() const { return list_.back().kind; }
  bool at(Kind kind) const { return !list_.empty() && list_.back().kind == kind; }
  void move_to(Tokens& where) {
    where.push_back(list_.back());
    list_ = list_.first(list_.size() - 1);
  }
  /// The address is complete, even if it is empty.
  void put_address() {
    std::reverse(address_.begin(), address_.end());
    rewrite_(address_);
    out_.insert(out_.end(), address_.rbegin(), address_.rend());
    address_.clear();
  }
  void end_address() {
    if (!address_.empty()) put_address();
  }
  /// Another address begins without a comma between the two.
  void part_addresses() {
    if (address_.empty()) return;
    put_address();
    out_.push_back({Kind::comma});
  }

  std::span<const Token> list_;  ///< what is left to read
  const std::function<void(Tokens&)>& rewrite_;
  Tokens out_;
  Tokens address_;  ///< last token first
  bool in_group_ = false;
  bool word_fits_ = true;  ///< a word here would belong to the address begun
};

bool AddressList::step() {
  switch (kind()) {
    case Kind::semicolon: return close_group();
    case Kind::colon: return open_group();
    case Kind::right: return bracketed();
    case Kind::atom:
    case Kind::quoted:
    case Kind::literal: word(); return true;
    case Kind::comment: move_to(out_); return true;
    case Kind::comma:
      end_address();
      word_fits_ = true;
      move_to(out_);
      return true;
    case Kind::left:
    case Kind::at:
    case Kind::dot: break;
  }
  word_fits_ = true;
  move_to(address_);
  return true;
}

bool AddressList::close_group() {
  part_addresses();
  if (in_group_) return false;
  in_group_ = true;
  word_fits_ = true;
  move_to(out_);
  return true;
}

bool AddressList::open_group() {
  end_address();
  if (!in_group_) return false;
  in_group_ = false;
  while (!list_.empty() && !at(Kind::comma)) move_to(out_);
  if (!list_.empty()) move_to(out_);
  word_fits_ = true;
  return true;
}

bool AddressList::bracketed() {
  part_addresses();
  move_to(out_);
  while (!list_.empty() && !at(Kind::left)) move_to(address_);
  put_address();
  if (list_.empty()) return false;
  move_to(out_);
  while (at(Kind::comment) || at(Kind::atom) || at(Kind::quoted) || at(Kind::at) || at(Kind::dot))
    move_to(out_);
  word_fits_ = false;
  return true;
}

void AddressList::word() {
  if (!word_fits_) part_addresses();
  word_fits_ = false;
  move_to(address_);
}

}  // namespace

std::optional<Tokens> rewrite_addresses(const Tokens& field, const std::function<void(Tokens&)>& rewrite) {
  const std::size_t start = std::min(name_and_colon, field.size());
  AddressList list(std::span<const Token>(field).subspan(start), rewrite);
  if (!list.read()) return std::nullopt;
  Tokens out = list.take_reversed();
  for (std::size_t at = start; at-- > 0;) out.push_back(field[at]);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace qmail::header
