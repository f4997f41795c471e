# The TLS programs at work: each script has one function for each test.
# Not where a sanitizer watches: it makes system calls of its own, for which the sandbox ends the process.
if(QMAILKIT_SANITIZE)
  return()
endif()
foreach(script ucspi-tlsd/serve ucspi-tlsd/reload ucspi-tlsc/chain ucspi-tlsc/resident)
  string(REPLACE "/" "." subject ${script})
  file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/${script}.py functions REGEX "^def test_")
  foreach(function IN LISTS functions)
    string(REGEX REPLACE "^def (test_[a-z0-9_]+).*" "\\1" function ${function})
    string(REGEX REPLACE "^test_" "" name ${function})
    string(REPLACE "_" "-" name ${name})
    add_test(NAME program.${subject}.${name}
             COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/${script}.py ${QMAIL_TEST_BIN} ${function})
    set_tests_properties(program.${subject}.${name} PROPERTIES LABELS program TIMEOUT 120 RUN_SERIAL TRUE)
  endforeach()
endforeach()
