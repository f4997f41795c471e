# tcpserver on loopback, with clients: each script of tcpserver/ has one function for each test.
foreach(script serve residents limits proxy listen trouble)
  file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/tcpserver/${script}.py functions REGEX "^def test_")
  foreach(function IN LISTS functions)
    string(REGEX REPLACE "^def (test_[a-z0-9_]+).*" "\\1" function ${function})
    string(REGEX REPLACE "^test_" "" name ${function})
    string(REPLACE "_" "-" name ${name})
    add_test(NAME program.tcpserver.${name}
             COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/tcpserver/${script}.py ${QMAIL_TEST_BIN}
                     ${function})
    set_tests_properties(program.tcpserver.${name} PROPERTIES LABELS program TIMEOUT 60 SKIP_RETURN_CODE 77)
  endforeach()
endforeach()
