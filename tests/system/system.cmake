# Every function NAME_N of deliver.py and receive.py is the test of step N of docs/install/TEST.NAME.md; each
# scenario below is a test of its own. All run in a sandbox of their own, on what `cmake --install` places.
set(stage ${PROJECT_BINARY_DIR}/stage)
add_test(NAME system.stage
         COMMAND ${CMAKE_COMMAND} -E env DESTDIR=${stage} ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR})
set_tests_properties(system.stage PROPERTIES FIXTURES_SETUP stage LABELS system)
add_test(NAME system.peers COMMAND ${PROJECT_SOURCE_DIR}/tests/support/get-peer postfix ${PROJECT_BINARY_DIR}/peers/postfix)
set_tests_properties(system.peers PROPERTIES FIXTURES_SETUP stage LABELS system)

file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.py)
foreach(script IN LISTS scripts)
  cmake_path(GET script STEM name)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
  file(STRINGS ${script} scenarios REGEX "^def ${name}_[a-z0-9_]+\\(machine\\):")
  foreach(scenario IN LISTS scenarios)
    string(REGEX REPLACE "^def ${name}_([a-z0-9_]+)\\(.*" "\\1" scenario "${scenario}")
    string(REPLACE "_" "-" title ${scenario})
    add_test(NAME system.${name}.${title} COMMAND Python3::Interpreter ${script} ${name}_${scenario})
    set_tests_properties(system.${name}.${title} PROPERTIES LABELS system TIMEOUT 120 FIXTURES_REQUIRED stage
                         ENVIRONMENT QMAIL_BUILD=${PROJECT_BINARY_DIR})
  endforeach()
endforeach()
