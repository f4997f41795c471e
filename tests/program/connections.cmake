# Programs that are tested with peers: each script has one function for each test.
foreach(script tcpclient/connect recordio/copy)
  cmake_path(GET script PARENT_PATH program)
  file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/${script}.py functions REGEX "^def test_")
  foreach(function IN LISTS functions)
    string(REGEX REPLACE "^def (test_[a-z0-9_]+).*" "\\1" function ${function})
    string(REGEX REPLACE "^test_" "" name ${function})
    string(REPLACE "_" "-" name ${name})
    add_test(NAME program.${program}.${name}
             COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${script}.py ${QMAIL_TEST_BIN} ${function})
    set_tests_properties(program.${program}.${name} PROPERTIES LABELS program TIMEOUT 60 SKIP_RETURN_CODE 77)
  endforeach()
endforeach()
