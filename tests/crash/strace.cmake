# Real programs, stopped by strace, which this needs.
add_executable(classify-queue ${PROJECT_SOURCE_DIR}/tests/support/classify_queue.cpp)
target_link_libraries(classify-queue PRIVATE qmail_queue qmail_sys_posix)
add_test(NAME crash.strace.queue
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/strace_kill.py ${QMAIL_TEST_BIN}
                 $<TARGET_FILE:classify-queue>)
set_tests_properties(crash.strace.queue PROPERTIES LABELS crash TIMEOUT 120)
# QMAIL_LONG=1 kills it at every call.
add_test(NAME crash.strace.resident
         COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/resident_kill.py ${QMAIL_TEST_BIN})
set_tests_properties(crash.strace.resident PROPERTIES LABELS crash TIMEOUT 1800)
