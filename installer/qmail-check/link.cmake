qmail_program(qmail-check DYNAMIC LIBRARIES hier transaction facts dialogue control smtp)
qmail_program_features(qmail-check smtpd OF qmail-smtpd)
qmail_program_features(qmail-check smtpc OF qmail-remote)

# The control files and what each holds: their manual page is the only source.
set(page ${PROJECT_SOURCE_DIR}/docs/man/man5/qmail-control.5)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
file(READ ${page} text)
string(REPLACE ";" "," text "${text}")
string(REGEX MATCHALL "\n\\.TP\n\\.I [^\n]+\n[A-Z][^\n ,]*" entries "${text}")
set(rows "")
foreach(entry IN LISTS entries)
  string(REGEX MATCH "\\.I ([^\n]+)\n(.*)$" entry "${entry}")
  string(REPLACE "\\-" "-" name "${CMAKE_MATCH_1}")
  string(APPEND rows "    {\"${name}\", \"${CMAKE_MATCH_2}\"},\n")
endforeach()
list(LENGTH entries count)
file(CONFIGURE OUTPUT text/control_files.cpp CONTENT [[// Written from qmail-control(5).
#include "installer/qmail-check/control_files.h"

namespace qmail::check {

std::span<const ControlFile> control_files() {
  static constexpr std::array<ControlFile, @count@> files{{
@rows@  }};
  return files;
}

}  // namespace qmail::check
]] @ONLY)
target_sources(qmail-check.code PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/text/control_files.cpp)
