# The resident qmail-queue, killed under load; QMAIL_LONG=1 kills it a hundred times.
add_test(NAME crash.kill.log
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/log_kill.py ${QMAIL_TEST_BIN})
set_tests_properties(crash.kill.log PROPERTIES LABELS crash TIMEOUT 600)
