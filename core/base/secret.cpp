#include "core/base/secret.h"

#include <cstring>

namespace qmail {

void wipe(std::string& text) noexcept {
  wipe(std::span(text));
  text.clear();
}

void wipe(std::span<char> bytes) noexcept {
  // Unlike any other way to write there, this one is not left out because nobody reads it again.
  ::explicit_bzero(bytes.data(), bytes.size());
}

bool is_same_secret(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference = static_cast<unsigned char>(difference | static_cast<unsigned char>(a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace qmail
