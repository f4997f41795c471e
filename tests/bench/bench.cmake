# bench.start: what starting each program of the hot path costs over an empty one.
add_executable(bench_empty empty.cpp)
add_executable(bench_spawn spawn.cpp)
if(QMAILKIT_STATIC)
  target_link_options(bench_empty PRIVATE -static-pie)
endif()
add_test(NAME bench.start
         COMMAND bench_spawn 150 $<TARGET_FILE:bench_empty> ${QMAIL_TEST_BIN} qmail-queue qmail-smtpd qmail-local
                 qmail-remote qmail-inject sendmail)
set_tests_properties(bench.start PROPERTIES LABELS bench TIMEOUT 120 RUN_SERIAL ON)

# bench.queue-log: what a message costs in the queue's log, on the disk of the build.
add_executable(bench_queue_log queue_log.cpp)
target_link_libraries(bench_queue_log PRIVATE qmail_queue_log qmail_sys_posix)
add_test(NAME bench.queue-log COMMAND bench_queue_log ${CMAKE_CURRENT_BINARY_DIR} 200)
set_tests_properties(bench.queue-log PROPERTIES LABELS bench TIMEOUT 120 RUN_SERIAL ON)

# bench.connections: connections a second, beside the tcpserver of ucspi-tcp.
add_test(NAME bench.connections
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/connections.py ${QMAIL_TEST_BIN} ${CMAKE_CURRENT_BINARY_DIR}/tools
                 $<TARGET_FILE:bench_empty> ${PROJECT_BINARY_DIR}/peers/ucspi-tcp)
set_tests_properties(bench.connections PROPERTIES LABELS bench TIMEOUT 180 RUN_SERIAL ON SKIP_RETURN_CODE 77)

# bench.report: seconds for a gigabyte of log.
add_test(NAME bench.report
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/report.py ${QMAIL_TEST_BIN} ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(bench.report PROPERTIES LABELS bench TIMEOUT 120 RUN_SERIAL ON)
