#include "installer/facts/words.h"

#include <algorithm>

namespace qmail::facts {

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  line = line.substr(0, line.find('#'));
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    if (end > 0) found.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return found;
}

}  // namespace qmail::facts
