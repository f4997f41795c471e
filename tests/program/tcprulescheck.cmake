# tcprules and tcprulescheck together: each function of tcprulescheck/check.py is one test.
file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/tcprulescheck/check.py functions REGEX "^def test_")
foreach(function IN LISTS functions)
  string(REGEX REPLACE "^def (test_[a-z0-9_]+).*" "\\1" function ${function})
  string(REGEX REPLACE "^test_" "" name ${function})
  string(REPLACE "_" "-" name ${name})
  add_test(NAME program.tcprulescheck.${name}
           COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/tcprulescheck/check.py ${QMAIL_TEST_BIN} ${function})
  set_tests_properties(program.tcprulescheck.${name} PROPERTIES LABELS program TIMEOUT 60)
endforeach()
