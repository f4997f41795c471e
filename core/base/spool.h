// Bytes that are kept for a moment: in memory if they are few, else in a file without a name.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/fd.h"

namespace qmail {

class Spool {
 public:
  /// Below `most_in_memory` no file is made.
  explicit Spool(std::size_t most_in_memory = std::size_t{256} << 10) : most_in_memory_(most_in_memory) {}

  /// False, with errno set, if there is no room. Then the spool is of no use any more.
  [[nodiscard]] bool put(std::string_view bytes);
  /// Hands over everything that was put, in order, once. False, with errno set, if it cannot be read back.
  [[nodiscard]] bool take(const std::function<void(std::string_view)>& use);

 private:
  bool write_out();

  std::size_t most_in_memory_;
  std::string memory_;  ///< what is not in the file
  Fd file_;
};

}  // namespace qmail
