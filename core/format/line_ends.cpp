#include "core/format/line_ends.h"

#include <utility>

namespace qmail {
namespace {

/// Takes bytes one by one, into room that was made at once: whole files go through here.
class Bytes {
 public:
  explicit Bytes(std::size_t most) : bytes_(most, '\0'), end_(bytes_.data()) {}
  void put(char c) { *end_++ = c; }
  std::string all() && {
    bytes_.resize(static_cast<std::size_t>(end_ - bytes_.data()));
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  char* end_;
};

}  // namespace

std::string add_cr(std::string_view bytes) {
  Bytes result(2 * bytes.size());
  for (const char c : bytes) {
    if (c == '\n') result.put('\r');
    result.put(c);
  }
  return std::move(result).all();
}

std::string CrFixer::fix(std::string_view piece) {
  Bytes result(2 * piece.size());
  for (const char c : piece) {
    if (c == '\n' && !after_cr_) result.put('\r');
    result.put(c);
    after_cr_ = c == '\r';
  }
  return std::move(result).all();
}

std::string CrRemover::remove(std::string_view piece) {
  Bytes result(piece.size() + 1);  // and the CR that was held back
  for (const char c : piece) {
    if (holds_cr_ && c != '\n') result.put('\r');
    holds_cr_ = c == '\r';
    if (!holds_cr_) result.put(c);
  }
  return std::move(result).all();
}

}  // namespace qmail
