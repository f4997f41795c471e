# quick_to_build(<target>): for a program of tests, which takes longer to compile than to run.
function(quick_to_build target)
  target_compile_options(${target} PRIVATE -O0 -U_FORTIFY_SOURCE)
endfunction()

# Those that use GoogleTest share its headers too: packaging/cmake/QmailHeaders.cmake.
add_library(test_headers OBJECT ${PROJECT_BINARY_DIR}/none.cpp)
quick_to_build(test_headers)
target_link_libraries(test_headers PRIVATE GTest::gtest)
target_precompile_headers(test_headers PRIVATE ${QMAIL_COMMON_HEADERS} <gtest/gtest.h>)
# As programs are compiled.
set_target_properties(test_headers PROPERTIES POSITION_INDEPENDENT_CODE OFF)
target_compile_options(test_headers PRIVATE -fPIE)

# unit_tests(<area> [FOLDER <path>] [LIBRARIES <target>...]): every *_test.cpp of unit/<area>, or of the folder, in one program, each test
# by its name.
function(unit_tests area)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER" "LIBRARIES")
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_CURRENT_SOURCE_DIR}/${area})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${arg_FOLDER}/*_test.cpp)
  add_executable(unit.${area} ${sources})
  quick_to_build(unit.${area})
  target_precompile_headers(unit.${area} REUSE_FROM test_headers)
  target_link_libraries(unit.${area} PRIVATE ${arg_LIBRARIES} qmail_sys_posix qmail_home_for_tests GTest::gtest_main)
  gtest_discover_tests(unit.${area} TEST_PREFIX unit.${area}. DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS unit TIMEOUT 60)
endfunction()

# program_cases(<program> [FOLDER <path>] [PREFIX <prefix>]): one test for every *.case of program/<program>, or of the folder, as
# program.<program>.<name> or <prefix>.<name>.
function(program_cases program)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER;PREFIX" "")
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_CURRENT_SOURCE_DIR}/${program})
    set(arg_PREFIX program.${program})
  endif()
  file(GLOB cases CONFIGURE_DEPENDS ${arg_FOLDER}/*.case)
  foreach(case IN LISTS cases)
    cmake_path(GET case STEM LAST_ONLY name)
    set(test ${arg_PREFIX}.${name})
    add_test(NAME ${test}
             COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/support/run-case
                     ${QMAIL_TEST_BIN} ${program} ${case})
    set_tests_properties(${test} PROPERTIES LABELS program TIMEOUT 60)
  endforeach()
endfunction()

# script_tests(<script> PREFIX <prefix> [TIMEOUT <seconds>] [SERIAL]): every function test_NAME() of program/<script>, as test
# <prefix>.NAME. One that cannot run on this machine says so with code 77.
function(script_tests script)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "PREFIX;TIMEOUT" "")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  cmake_path(ABSOLUTE_PATH script BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE path)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(STRINGS ${path} functions REGEX "^def test_[a-z0-9_]+\\(\\):")
  foreach(function IN LISTS functions)
    string(REGEX REPLACE "^def test_([a-z0-9_]+).*" "\\1" function ${function})
    string(REPLACE "_" "-" name ${function})
    set(test ${arg_PREFIX}.${name})
    add_test(NAME ${test} COMMAND Python3::Interpreter ${path} ${QMAIL_TEST_BIN} test_${function})
    set_tests_properties(${test} PROPERTIES LABELS program TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77)
    if(arg_SERIAL)
      set_tests_properties(${test} PROPERTIES RUN_SERIAL TRUE)
    endif()
  endforeach()
endfunction()

# system_scenarios(<script> [PREFIX <prefix>] [TIMEOUT <seconds>] [ENVIRONMENT <name=value>] [FIXTURES <name>]): every function STEM_NAME(machine) of the script as
# test <prefix>STEM.NAME, in a sandbox of its own, on what `cmake --install` places (fixture `stage`), and what further fixtures do.
function(system_scenarios script)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PREFIX;TIMEOUT;ENVIRONMENT;FIXTURES" "")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  cmake_path(GET script STEM name)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
  # A machine has few loop devices, and a test that mounts one may not find it taken by another.
  file(STRINGS ${script} loop_devices REGEX "make_loop_devices\\(\\)|put_queue_on_a_disk")
  file(STRINGS ${script} scenarios REGEX "^def ${name}_[a-z0-9_]+\\(machine\\):")
  foreach(scenario IN LISTS scenarios)
    string(REGEX REPLACE "^def ${name}_([a-z0-9_]+)\\(.*" "\\1" scenario "${scenario}")
    string(REPLACE "_" "-" title ${scenario})
    set(test ${arg_PREFIX}${name}.${title})
    add_test(NAME ${test} COMMAND Python3::Interpreter ${script} ${name}_${scenario})
    set_tests_properties(${test} PROPERTIES LABELS system TIMEOUT ${arg_TIMEOUT} FIXTURES_REQUIRED "stage;${arg_FIXTURES}"
                         ENVIRONMENT "QMAIL_BUILD=${PROJECT_BINARY_DIR};${arg_ENVIRONMENT}")
    if(loop_devices)
      set_tests_properties(${test} PROPERTIES RESOURCE_LOCK loop_devices)
    endif()
  endforeach()
endfunction()

# feature_tests(<feature.json>): the tests that stand in a feature's own folder, and go with it:
#   *_test.cpp           unit tests, as unit.<feature>.<test>
#   cases/*.case         of the first of its programs, as program.<program>.<feature>.<case>
#   cases/PROGRAM/*.case  of that program
#   *_test.py            script tests, as program.<feature>.<test>
#   system/*.py          system scenarios, as system.<script>.<scenario>
function(feature_tests file)
  cmake_path(GET file PARENT_PATH folder)
  qmail_read_feature(${file} name name)
  qmail_read_feature(${file} programs programs)
  file(GLOB units CONFIGURE_DEPENDS ${folder}/*_test.cpp)
  if(units)
    set(library "")
    if(TARGET feature.${name})
      set(library feature.${name})
    endif()
    unit_tests(${name} FOLDER ${folder} LIBRARIES ${library} qmail_feature_libraries)
  endif()
  list(GET programs 0 program)
  program_cases(${program} FOLDER ${folder}/cases PREFIX program.${program}.${name})
  foreach(program IN LISTS programs)
    program_cases(${program} FOLDER ${folder}/cases/${program} PREFIX program.${program}.${name})
  endforeach()
  file(GLOB scripts CONFIGURE_DEPENDS ${folder}/*_test.py)
  foreach(script IN LISTS scripts)
    # A sanitizer makes system calls of its own, for which the sandbox of a TLS process ends it.
    file(STRINGS ${script} tls_processes REGEX "ucspi-tls")
    if(NOT (QMAILKIT_SANITIZE AND tls_processes))
      script_tests(${script} PREFIX program.${name} TIMEOUT 180)
    endif()
  endforeach()
  file(GLOB scripts CONFIGURE_DEPENDS ${folder}/system/*.py)
  foreach(script IN LISTS scripts)
    if(NOT QMAILKIT_SANITIZE)
      system_scenarios(${script} PREFIX system.)
    endif()
  endforeach()
endfunction()
