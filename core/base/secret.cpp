#include "core/base/secret.h"

#include <cstring>

namespace qmail {

void wipe(std::string& text) noexcept {
  // Unlike any other way to write there, this one is not left out because nobody reads it again.
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

}  // namespace qmail
