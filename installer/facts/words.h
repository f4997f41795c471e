// Lines of the system's own text files.
#pragma once
#include <string_view>
#include <vector>

namespace qmail::facts {

/// The words of a line, without a comment.
std::vector<std::string_view> words(std::string_view line);

}  // namespace qmail::facts
