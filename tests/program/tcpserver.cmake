# tcpserver on loopback, with clients: tcpserver/serve.py has one function for each test.
file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/tcpserver/serve.py functions REGEX "^def test_")
foreach(function IN LISTS functions)
  string(REGEX REPLACE "^def (test_[a-z0-9_]+).*" "\\1" function ${function})
  string(REGEX REPLACE "^test_" "" name ${function})
  string(REPLACE "_" "-" name ${name})
  add_test(NAME program.tcpserver.${name}
           COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/tcpserver/serve.py ${QMAIL_TEST_BIN} ${function})
  set_tests_properties(program.tcpserver.${name} PROPERTIES LABELS program TIMEOUT 60 SKIP_RETURN_CODE 77)
endforeach()
