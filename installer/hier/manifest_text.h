// The text of hier.manifest, compiled in by hier/CMakeLists.txt.
#pragma once
#include <string_view>

namespace qmail::hier {

std::string_view manifest_text();

}  // namespace qmail::hier
