// Carriage returns at the ends of lines: the network has them, files do not. Bytes that are no line ends, NUL
// too, stay as they are.
#pragma once
#include <string>
#include <string_view>

namespace qmail {

/// With a CR before every LF, also where there is one already.
std::string add_cr(std::string_view bytes);

/// Puts a CR before every LF that has none. A stream may come in any pieces.
class CrFixer {
 public:
  std::string fix(std::string_view piece);

 private:
  bool after_cr_ = false;
};

/// Takes one CR away before every LF. A stream may come in any pieces.
class CrRemover {
 public:
  std::string remove(std::string_view piece);
  /// The CR that was held back, if the stream ends with one.
  std::string rest() const { return holds_cr_ ? "\r" : ""; }

 private:
  bool holds_cr_ = false;
};

}  // namespace qmail
