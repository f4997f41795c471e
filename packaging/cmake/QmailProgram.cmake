# qmail_library(<name> [LIBRARIES <library>...])
#   Every .cpp of the current folder as static library qmail_<name>. Two files are left to the
#   programs: *_posix.cpp with its test twin *_crash.cpp, and home_*.cpp (see core/base/sys.h, home.h).
function(qmail_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "(sys_posix|sys_crash|home_installed|home_for_tests)\\.cpp$")
  if(sources)
    add_library(qmail_${name} STATIC ${sources})
    qmail_common_headers(qmail_${name})
    set(scope PUBLIC)
  else()
    add_library(qmail_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  list(TRANSFORM arg_LIBRARIES PREPEND qmail_)
  target_link_libraries(qmail_${name} ${scope} ${arg_LIBRARIES})
endfunction()

# qmail_program_text(<name> <variable>)
#   Writes a source file with the NAME and SYNOPSIS of the program's manual page, for --help and usage
#   messages: the page is their only source. Sets <variable> to its path.
function(qmail_program_text name variable)
  file(GLOB page ${PROJECT_SOURCE_DIR}/docs/man/man*/${name}.[1-8])
  set(purpose "")
  set(synopsis "${name}")
  set(reference "${name}")
  if(page)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
    cmake_path(GET page EXTENSION LAST_ONLY section)
    string(REPLACE "." "" section ${section})
    set(reference "${name}(${section})")
    file(READ ${page} text)
    string(REPLACE ";" "," text "${text}")
    string(REGEX REPLACE "\\\\f." "" text "${text}")
    string(REGEX REPLACE "\\\\-" "-" text "${text}")
    string(REGEX REPLACE "\\\\&" "" text "${text}")
    string(REGEX REPLACE "\n\\.(B|I|BI|BR|IR|RB|RI|IB|SM|R) " "\n" text "${text}")
    string(REGEX MATCH "\n\\.SH NAME\n[^\n]* - ([^\n]*)" found "${text}")
    set(purpose "${CMAKE_MATCH_1}")
    string(REGEX MATCH "\n\\.SH SYNOPSIS\n(([^.\n][^\n]*\n|\\.br\n|\\.P\n)+)" found "${text}")
    string(REGEX REPLACE "\n(\\.br|\\.P)\n" "\n" synopsis "${CMAKE_MATCH_1}")
    string(STRIP "${synopsis}" synopsis)
    foreach(value purpose synopsis)
      string(REPLACE "\"" "\\\"" ${value} "${${value}}")
      string(REPLACE "\n" "\\n" ${value} "${${value}}")
    endforeach()
  endif()
  set(file ${CMAKE_CURRENT_BINARY_DIR}/text/${name}.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT [[#include "core/base/program.h"

const qmail::ProgramText qmail::program_text{"@name@", "@purpose@", "@synopsis@", "@reference@"};
]] @ONLY)
  set(${variable} ${file} PARENT_SCOPE)
endfunction()

# qmail_program(<name> [NSS | STAYS | DYNAMIC] [LIBRARIES <library>...] [LINK <target>...])
#   Called from a program folder's link.cmake. Builds
#     <name>.code  every .cpp of the folder but main.cpp, for the program and for tests
#     <name>       the installed program; not in a sanitized build
#     <name>.test  the same with home_for_tests.cpp, in ${QMAIL_TEST_BIN}, under its own name
#   The C library, and nothing else, is shared (a shared C++ library would double the time to start) by
#   NSS: asks the system's users; STAYS: started once, so memory counts more than the time to start.
#   DYNAMIC: needs other shared libraries. Everything else is linked statically.
set(QMAIL_TEST_BIN ${PROJECT_BINARY_DIR}/test-bin)
function(qmail_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NSS;STAYS;DYNAMIC" "" "LIBRARIES;LINK")
  list(TRANSFORM arg_LIBRARIES PREPEND qmail_)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${name}.code STATIC ${sources})
    qmail_common_headers(${name}.code)
    set(scope PUBLIC)
  else()
    add_library(${name}.code INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(${name}.code ${scope} ${arg_LIBRARIES} qmail_base ${arg_LINK})
  qmail_program_text(${name} text)
  # Compiled once for both variants.
  add_library(${name}.main OBJECT ${CMAKE_CURRENT_LIST_DIR}/main.cpp ${text})
  qmail_common_headers(${name}.main)
  target_link_libraries(${name}.main PRIVATE ${name}.code)
  foreach(variant IN ITEMS "" .test)
    add_executable(${name}${variant} $<TARGET_OBJECTS:${name}.main>)
    target_link_libraries(${name}${variant} PRIVATE ${name}.code qmail_sys_posix)
    if(QMAILKIT_STATIC AND (arg_NSS OR arg_STAYS))
      target_link_options(${name}${variant} PRIVATE -pie -static-libstdc++ -static-libgcc)
    elseif(QMAILKIT_STATIC AND NOT arg_DYNAMIC)
      target_link_options(${name}${variant} PRIVATE -static-pie)
    elseif(QMAILKIT_STATIC)
      target_link_options(${name}${variant} PRIVATE -pie)
    endif()
  endforeach()
  target_link_libraries(${name} PRIVATE qmail_home_installed)
  target_link_libraries(${name}.test PRIVATE qmail_home_for_tests)
  set_target_properties(${name}.test PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${QMAIL_TEST_BIN})
  if(NOT QMAILKIT_TESTS)
    set_target_properties(${name}.test PROPERTIES EXCLUDE_FROM_ALL ON)
  elseif(QMAILKIT_SANITIZE)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)  # nobody installs them
  endif()
  set_property(GLOBAL APPEND PROPERTY QMAIL_PROGRAMS ${name})
endfunction()

# qmail_other_name(<program> <name>): a name under which the program behaves differently.
#   hier.manifest has it too, as a link; this one is for tests.
function(qmail_other_name program name)
  file(MAKE_DIRECTORY ${QMAIL_TEST_BIN})
  file(CREATE_LINK ${program} ${QMAIL_TEST_BIN}/${name} SYMBOLIC)
endfunction()

# qmail_script(<name>): an installed shell program; <name>.sh beside link.cmake. In it, @HOME@ stands for the
#   home: the installed one, or in ${QMAIL_TEST_BIN} the one a test says, as with programs (core/base/home.h).
function(qmail_script name)
  set(executable FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(HOME /var/qmail)
  set(installed ${CMAKE_CURRENT_BINARY_DIR}/scripts/${name})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${name}.sh ${installed} @ONLY ${executable})
  set(HOME "\${QMAIL_TEST_HOME:?}")
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${name}.sh ${QMAIL_TEST_BIN}/${name} @ONLY ${executable})
  set_property(GLOBAL APPEND PROPERTY QMAIL_SCRIPTS ${installed})
endfunction()

# qmail_program_folders(): takes in every folder below this one that has a link.cmake.
function(qmail_program_folders)
  file(GLOB links CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*/link.cmake)
  foreach(link IN LISTS links)
    include(${link})
  endforeach()
endfunction()
