# The resident qmail-queue with clients: qmail-queue/resident.py has one function for each test.
file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/qmail-queue/resident.py functions REGEX "^def test_")
foreach(function IN LISTS functions)
  string(REGEX REPLACE "^def (test_[a-z0-9_]+).*" "\\1" function ${function})
  string(REGEX REPLACE "^test_" "" name ${function})
  string(REPLACE "_" "-" name ${name})
  add_test(NAME program.qmail-queue.resident.${name}
           COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/qmail-queue/resident.py ${QMAIL_TEST_BIN} ${function})
  set_tests_properties(program.qmail-queue.resident.${name} PROPERTIES LABELS program TIMEOUT 120)
endforeach()
