# bench.tls: new TLS connections a second, and the memory of an idle one.
add_test(NAME bench.tls COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/tls.py ${QMAIL_TEST_BIN} 2)
set_tests_properties(bench.tls PROPERTIES LABELS bench TIMEOUT 120 RUN_SERIAL ON)
