# The headers that nearly every source includes, compiled once for all of them: a third of a build's time. Not beside
# ccache, to which what was made of them in another folder is of no use, nor in the preset dev, where each source shows
# that it includes what it needs.
set(QMAIL_COMMON_HEADERS <algorithm> <array> <cerrno> <cstdint> <cstring> <deque> <functional> <map> <memory> <optional>
                         <set> <span> <string> <string_view> <unordered_map> <unordered_set> <utility> <variant> <vector>)
set(none ${PROJECT_BINARY_DIR}/none.cpp)
file(CONFIGURE OUTPUT ${none} CONTENT "")

add_library(qmail_headers OBJECT ${none})
target_precompile_headers(qmail_headers PRIVATE ${QMAIL_COMMON_HEADERS})

# qmail_common_headers(<target>): for a library; headers that were made with other options cannot be read.
function(qmail_common_headers target)
  target_precompile_headers(${target} REUSE_FROM qmail_headers)
endfunction()
